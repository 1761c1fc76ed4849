"""The avpops module itself: its parameters and its database."""

from dataclasses import dataclass, field
from typing import Any

from sroute.db.database import Database
from sroute.exports.module import InitError, Module
from sroute.exports.param import ParamError
from sroute.modules.connection import connect
from sroute.runtime.run import Run
from sroute.runtime.services import Services

_SCHEME = {"uuid_col": "uuid", "username_col": "username", "domain_col": "domain", "value_col": "value", "table": "table"}
_TYPES = {"string": False, "integer": True}


@dataclass(slots=True)
class Scheme:
    """Where other values than those of the AVP table are; empty for what is as there."""

    uuid: str = ""
    username: str = ""
    domain: str = ""
    value: str = ""
    table: str = ""
    integer: bool = False


@dataclass(slots=True)
class AvpOps:
    """The parameters, the database, the services."""

    db_url: str = ""
    avp_table: str = ""
    use_domain: int = 0
    uuid_column: str = "uuid"
    username_column: str = "username"
    domain_column: str = "domain"
    attribute_column: str = "attribute"
    value_column: str = "value"
    type_column: str = "type"
    schemes: dict[str, Scheme] = field(default_factory=dict)
    database: Database | None = None
    services: Services | None = None

    def complain(self, run: Run, text: str) -> int:
        """What Kamailio logs; -1."""
        assert self.services is not None
        self.services.diag("ERROR", text, "avpops", run.at)
        return -1


avpops = Module("avpops", AvpOps, "AVPs compared, copied, deleted, computed and changed by functions; AVPs in a database.")
avpops.setting("db_url", "str", doc="The database; without it there are no avp_db functions.")
avpops.setting("avp_table", "str", doc="The table of AVPs.")
avpops.setting("use_domain", "int", doc="1: users are looked for with their domains (0).")
for _name in ("uuid", "username", "domain", "attribute", "value", "type"):
    avpops.setting(f"{_name}_column", "str", doc=f"The column of that ({_name}).")


@avpops.param("db_scheme", "str")
def db_scheme(state: AvpOps, text: str) -> None:
    """Where other values are: `name:table=...;value_col=...;value_type=string|integer;uuid_col=...;username_col=...;domain_col=...`."""
    name, colon, rest = text.partition(":")
    if not colon or not name.strip():
        raise ParamError(f"failed to parse scheme <{text}>")
    made = Scheme()
    for part in filter(None, (piece.strip() for piece in rest.split(";"))):
        key, _, value = (piece.strip() for piece in part.partition("="))
        if key == "value_type" and value in _TYPES:
            made.integer = _TYPES[value]
        elif key in _SCHEME:
            setattr(made, _SCHEME[key], value)
        else:
            raise ParamError(f"failed to parse scheme <{text}>: {part}")
    state.schemes[name.strip()] = made


@avpops.hooks.init.append
def _init(state: AvpOps, scope: Any) -> None:
    state.services = scope.services
    if not state.db_url:
        return
    if not state.avp_table:
        raise InitError('"AVP_DB" present but "AVP_TABLE" found empty')
    state.database = connect(state.db_url, scope.services, {}, without="no AVPs are loaded or stored")
