"""The location table in a database."""

from collections.abc import Sequence
from typing import Any

from sroute.exports.module import InitError
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules.usrloc.declaration import DB_NONE, Usrloc, usrloc
from sroute.runtime.services import Services


def _init(state: Usrloc, scope: Any) -> None:
    if state.db_mode != DB_NONE:
        raise InitError(f"db_mode {state.db_mode} is not simulated yet")


usrloc.hooks.init.append(_init)


def _unsupported(state: Usrloc, services: Services, args: Sequence[Any]) -> RpcValue:
    """Counts rows of the database, which only db_mode 3 takes."""
    raise RpcFault(500, f"Command is not supported in db_mode={state.db_mode}")


for _name in ("ul.db_users", "ul.db_contacts", "ul.db_expired_contacts"):
    usrloc.rpc(_name, "table")(_unsupported)
