"""Every example in a declaration is a script that runs: it is taken at load, and nothing in it is only declared."""

import re
from typing import Any

import pytest

from sroute.exports import describe
from sroute.exports.describe import Description
from sroute.exports.module import Module
from sroute.instance.api import check
from sroute.instance.events import Failed
from sroute.instance.instance import Instance
from sroute.modules import declared
from sroute.modules.catalog import Catalog, simulated
from sroute.sip import compose
from sroute.sip.endpoint import PEER

ALWAYS = ("tm", "sl", "usrloc", "registrar", "pv", "xlog", "siputils", "textops", "rr", "htable", "kex", "corex", "auth", "nathelper")
ALSO = ("path", "xhttp", "textopsx")
EXEMPT = {("cfgutils", "abort()"), ("auth_db", "is_subscriber(uri, table, flags)"), ("textopsx", "keep_hf()")}
"""What ends the run by its nature: an abort, a database that is not there, what 5.6.3 does not start with."""
SETUP = {
    "domain": 'loadmodule "db_mysql.so"\n',
    "alias_db": 'loadmodule "db_mysql.so"\n',
    "auth_db": 'loadmodule "db_mysql.so"\n',
    "speeddial": 'loadmodule "db_mysql.so"\n',
    "uri_db": 'loadmodule "db_mysql.so"\n',
    "counters": 'modparam("counters", "script_counter", "calls Calls")\n',
    "statistics": 'modparam("statistics", "variable", "calls")\n',
    "dmq": 'modparam("dmq", "server_address", "sip:127.0.0.1:5060")\n',
    "avpops": 'loadmodule "db_sqlite.so"\nmodparam("avpops", "db_url", "sqlite://:memory:")\n'
    'modparam("avpops", "avp_table", "usr_preferences")\n',
    "sqlops": 'loadmodule "db_sqlite.so"\nmodparam("sqlops", "sqlcon", "ca=>sqlite://:memory:")\n',
}
"""What the examples of a module name."""
_WHOLE = re.compile(r"\s*(?:request_|failure_|branch_|onreply_|reply_|onsend_|event_)?route\b\s*[\[{]|modparam", re.A)
_ROUTES = re.compile(r"\broute(?:_if_exists|_exists)?\(\"?(\w+)\"?\)")
BLOCKS = {
    "request_route": "request_route",
    "failure_route": "failure_route[EXAMPLE]",
    "onreply_route": "onreply_route[EXAMPLE]",
    "branch_route": "branch_route[EXAMPLE]",
    "reply_route": "reply_route",
    "onsend_route": "onsend_route",
}


def modules() -> list[Module[Any]]:
    """All simulated modules, those that others need first."""
    catalog = Catalog()
    found: list[Module[Any]] = []
    waiting = [name for name in declared.names() if simulated(name) is not None]
    while waiting:
        name = waiting.pop(0)
        module = catalog.module(name)
        assert module is not None
        loaded = {other.name for other in found}
        if all(loaded.intersection(need.split("|")) for need in module.requires) or name not in waiting:
            found.append(module)
    return found


def examples() -> list[Description]:
    """What carries an example."""
    every = [export for module in modules() for export in describe.exports(module)]
    return [export for export in every if export.example and not export.since and (export.module, export.signature) not in EXEMPT]


def script(export: Description) -> str:
    """The example in a block where it may stand, with the routes that it names."""
    if _WHOLE.match(export.example):
        body = export.example
    else:
        allowed = next((BLOCKS[word] for word in export.routes if word in BLOCKS), "request_route")
        body = f"{allowed} {{\n{export.example}\n}}"
    if "request_route" not in body:
        body += "\nrequest_route { exit; }"
    for name in dict.fromkeys(_ROUTES.findall(export.example)):
        body += f"\nroute[{name}] {{ return; }}"
    if "xhttp:request" not in body:
        body += "\nevent_route[xhttp:request] { return; }"
    needed = list(dict.fromkeys([*ALWAYS, *ALSO, *_needs(export.module), export.module]))
    loads = "".join(f'loadmodule "{name}.so"\n' for name in needed)
    params = 'modparam("htable", "htable", "a=>size=4")\nmodparam("registrar|nathelper", "received_avp", "$avp(RECEIVED)")\n'
    return f"#!KAMAILIO\n{loads}{params}{SETUP.get(export.module, '')}{body}\n"


def _needs(name: str) -> list[str]:
    module = Catalog().module(name)
    assert module is not None
    return [need.split("|")[0] for need in module.requires]


@pytest.mark.parametrize("export", examples(), ids=lambda export: f"{export.module}-{export.name}")
def test_example_runs(export: Description) -> None:
    program, findings = check("example.cfg", script(export).encode().decode("latin-1"))
    errors = [finding.message for finding in findings if finding.severity == "error"]
    assert errors == []
    assert program is not None
    instance = Instance(program)
    assert [finding.message for finding in instance.findings if finding.severity == "error"] == []
    instance.receive(compose.request(PEER, ruri="sip:alice@127.0.0.1:5060"))
    instance.advance(1)
    assert [event.finding.message for event in instance.events if isinstance(event, Failed)] == []
