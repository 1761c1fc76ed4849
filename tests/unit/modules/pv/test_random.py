"""Variables and transformations on random messages and values: nothing raises, whatever came in."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sroute.dialect import DIALECTS
from sroute.instance.api import load, start
from sroute.instance.events import Failed, Log
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.modules.catalog import Catalog
from sroute.sip.endpoint import Endpoint

PARAMETERS = {
    "s.strip": "2",
    "s.striptail": "1",
    "s.stripto": "a",
    "s.substr": "-3,2",
    "s.select": "1,;",
    "s.replace": "a,$var(k)",
    "s.rm": "$(var(k){s.tolower})",
    "s.before": ";",
    "s.after": ":",
    "s.rbefore": ";",
    "s.rafter": ";",
    "s.count": "a",
    "s.ftime": "%Y",
    "s.fmtlines": "4,2",
    "s.fmtlinet": "4,1",
    "s.byteat": "1",
    "s.charat": "1",
    "s.selectsw": "1",
    "uri.param": "lr",
    "uri.rmparam": "lr",
    "param.value": "a",
    "param.valueat": "-1",
    "param.name": "1",
    "param.in": "a",
    "line.at": "-2",
    "line.sw": "a=",
    "re.subst": r"/(a+)|(b*)c/<\\1\\2>/g",
    "json.parse": "a.b[0]",
    "json.parsex": "/a/b",
}
VARIABLES = """
    ru rU rd rp rP rz ou oU du fu fU fd fn ft tu tU td tn tt ci cs csb ct cT cl rb bs ua rt re ai pu pU di dir dip dic
    au ad aU ar adu aa adn Au AU rm rmid mt ml mi si sp Ri Rp proto ds br bR mf bf sf fs hdr(X) hdr(Contact) hdrc(Via)
    hfl(Contact) hfl(Via) hfl(Route) hfl(Record-Route) hflc(Contact) expires(min) expires(max) via0(host) via1(branch)
    viaZ(params) nh(u) nh(d) nh(P) msg(hdrc) msg(fline) mbu sel(contact.uri) sel(via[2].host) sel(from.name)
    sel(msg.header.X) sel(ruri.params.x) cts ctu tts rul ful
"""
PIECES = [
    "sip:",
    "tel:",
    "a",
    "b",
    "<",
    ">",
    '"',
    ";",
    "=",
    ",",
    "@",
    ":",
    "[",
    "]",
    "?",
    "&",
    "%",
    "\\",
    "{",
    "}",
    " ",
    "\r\n ",
    "5",
    "\n",
]
TEXTS = st.one_of(st.text(st.characters(max_codepoint=255), max_size=40), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
HEADERS = ["From", "To", "Contact", "Via", "Route", "Record-Route", "CSeq", "Authorization", "Expires", "Diversion", "X", "Refer-To"]
FIRST = "Via: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n"


def _transformations() -> Iterator[str]:
    catalog = Catalog(DIALECTS["dev"])
    for name in ("pv", "textops", "sqlops", "corex", "json"):
        module = catalog.module(name)
        assert module is not None
        for family, function in module.transformations:
            yield f"{{{family}.{function}{',' + PARAMETERS[f'{family}.{function}'] if f'{family}.{function}' in PARAMETERS else ''}}}"


@pytest.fixture(scope="module")
def server() -> Instance:
    lines = [f'$var(r) = $(var(v){one}); xlog("$(var(v){one}{{s.len}})\\n");' for one in _transformations()]
    lines += [f'xlog("$({name})\\n"); $avp(x) = $({name}); $(avp(x)[*]) = $null;' for name in VARIABLES.split()]
    body = "\n".join(lines)
    text = (
        '#!KAMAILIO\nloadmodule "pv.so"\nloadmodule "xlog.so"\nloadmodule "textops.so"\nloadmodule "sqlops.so"\nloadmodule "corex.so"\n'
        'loadmodule "kex.so"\nloadmodule "json.so"\n'
        f'request_route {{\n$var(v) = $(hdr(X-Value){{s.decode.hexa}}); $var(k) = "A";\n{body}\nxlog("the end\\n");\n}}\n'
    )
    return start(load("random.cfg", text, dialect=DIALECTS["dev"]), Options(listen=Endpoint("udp", "127.0.0.1", 5060)))


def _receive(server: Instance, message: str) -> None:
    server.events.clear()
    server.receive(message.encode("latin-1"), src=Endpoint("udp", "127.0.0.1", 5061))
    assert not [event for event in server.events if isinstance(event, Failed)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_values(server: Instance, value: str) -> None:
    _receive(server, f"OPTIONS sip:x@h SIP/2.0\r\n{FIRST}X-Value: {value.encode('latin-1').hex()}\r\n\r\n")
    assert [event.text for event in server.events if isinstance(event, Log)][-1] == "the end"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(max_codepoint=255), max_size=30), st.lists(st.tuples(st.sampled_from(HEADERS), TEXTS), max_size=12))
def test_messages(server: Instance, uri: str, headers: list[tuple[str, str]]) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    _receive(server, f"OPTIONS sip:{uri} SIP/2.0\r\n{FIRST}{lines}\r\n")
    _receive(server, f"OPTIONS sip:x@h SIP/2.0\r\n{lines}{FIRST}\r\nbody")
