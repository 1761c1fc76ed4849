"""Module parameters as modules declare them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sroute.exports.fixups import AnyFixup

ParamType = Literal["int", "str"]


class ParamError(Exception):
    """A value that the parameter does not take; args[0] says why.

    code is that of the finding where it has one of its own.
    """

    def __init__(self, why: str, code: str = "") -> None:
        """why says it in a few words."""
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class Param:
    """The declaration of one `modparam`.

    types are the types that modparam takes. apply puts a value into the module's state (None where the module is only
    declared). fixup, where given, checks a string value when names are resolved. default is its value in words.
    """

    name: str
    module: str
    types: tuple[ParamType, ...]
    doc: str
    apply: Callable[[Any, int | str], None] | None = None
    fixup: AnyFixup | None = None
    default: str = ""
    since: str = ""
