"""The examples in the declarations as whole scripts, and what they do."""

import re

from sroute.exports.catalog import Catalog
from sroute.exports.describe import Description
from sroute.instance.api import check
from sroute.instance.events import Diag, Log, Send
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.world import World
from sroute.sip import compose
from sroute.sip.endpoint import PEER

ALWAYS = ("tm", "sl", "usrloc", "registrar", "pv", "xlog", "siputils", "textops", "rr", "htable", "kex", "corex", "auth", "nathelper")
ALSO = ("path", "xhttp", "textopsx")
PARAMS = 'modparam("htable", "htable", "a=>size=4")\nmodparam("registrar|nathelper", "received_avp", "$avp(RECEIVED)")\n'
DATABASE = 'loadmodule "db_mysql.so"\n'
SETUP = {
    **dict.fromkeys(("domain", "alias_db", "auth_db", "mtree", "speeddial", "uri_db"), DATABASE),
    "counters": 'modparam("counters", "script_counter", "calls Calls")\n',
    "statistics": 'modparam("statistics", "variable", "calls")\n',
    "dmq": 'modparam("dmq", "server_address", "sip:127.0.0.1:5060")\n',
    "avpops": 'loadmodule "db_sqlite.so"\nmodparam("avpops", "db_url", "sqlite://:memory:")\n'
    'modparam("avpops", "avp_table", "usr_preferences")\n',
    "sqlops": 'loadmodule "db_sqlite.so"\nmodparam("sqlops", "sqlcon", "ca=>sqlite://:memory:")\n',
}
"""What the examples of a module need besides the modules."""
BLOCKS = {
    "request_route": "request_route",
    "failure_route": "failure_route[EXAMPLE]",
    "onreply_route": "onreply_route[EXAMPLE]",
    "branch_route": "branch_route[EXAMPLE]",
    "reply_route": "reply_route",
    "onsend_route": "onsend_route",
}
_WHOLE = re.compile(r"\s*(?:request_|failure_|branch_|onreply_|reply_|onsend_|event_)?route\b\s*[\[{]|modparam", re.A)
_ROUTES = re.compile(r"\broute(?:_if_exists|_exists)?\(\"?(\w+)\"?\)")


def script(export: Description, catalog: Catalog) -> str:
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
    module = catalog.module(export.module)
    needs = [need.split("|")[0] for need in module.requires] if module is not None else []
    needed = list(dict.fromkeys([*ALWAYS, *ALSO, *needs, export.module]))
    loads = "".join(f'loadmodule "{name}.so"\n' for name in needed)
    return f"#!KAMAILIO\n{loads}{PARAMS}{SETUP.get(export.module, '')}{body}\n"


def request() -> str:
    """The message that meets an example."""
    return compose.request(PEER, ruri="sip:alice@127.0.0.1:5060")


def output(export: Description, catalog: Catalog) -> list[str]:
    """What the example logs and sends when an OPTIONS comes in; empty where it does not run, or says nothing."""
    program, _ = check("example.cfg", script(export, catalog).encode().decode("latin-1"))
    if program is None or program.refused:
        return []
    instance = Instance(program, Options(world=World(closed=True)))
    if instance.refused:
        return []
    begin = len(instance.events)
    instance.receive(request())
    said: list[str] = []
    for event in instance.events[begin:]:
        if isinstance(event, Log):
            said += event.text.rstrip("\n").splitlines()
        elif isinstance(event, Diag) and not event.note:
            said.append(f"{event.level}: {event.text}")
        elif isinstance(event, Send):
            said.append(f"sends {event.message.partition(chr(13))[0]}")
    return said
