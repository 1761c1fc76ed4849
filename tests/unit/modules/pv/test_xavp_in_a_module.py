"""The XAVP store as modules and embedders use it: a module of its own keeps typed values and data for the script, and finds them again."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from sroute.dialect import DEFAULT
from sroute.exports.fixups import FORMAT, TEXT
from sroute.exports.module import Module
from sroute.instance.events import Diag
from sroute.instance.instance import Instance
from sroute.modules.catalog import Catalog
from sroute.resolve.resolver import resolve
from sroute.runtime.run import Run
from sroute.runtime.xavp import Data, XavpList, XType
from sroute.sip.compose import FAKED
from sroute.syntax.parser import parse

LOADED = 'loadmodule "pv.so"\nloadmodule "xlog.so"\nloadmodule "calls.so"\n'
REQUEST = FAKED.replace("OPTIONS", "INVITE")


@dataclass
class Calls:
    """The state of the module: what it has released."""

    released: list[object] = field(default_factory=list)


calls = Module("calls", Calls, "Keeps a context for each call.")


@calls.function("calls_keep", FORMAT)
def calls_keep(state: Calls, run: Run, name: str) -> int:
    """Keeps a record with a value of each type, and data with a release call-back."""
    record = run.xavps.new_list()
    inner = run.xavps.new_list()
    inner.add("leg", "b")
    for key, value, kind in (
        ("null", None, None),
        ("int", 5, None),
        ("str", "text", None),
        ("time", 1700000000, XType.TIME),
        ("long", 2**40, XType.LONG),
        ("llong", 2**50, XType.LLONG),
        ("list", inner, None),
        ("data", Data({"a": 10, "s": "test"}, state.released.append, serial=3), None),
    ):
        record.append(key, value, kind)
    run.xavps.add(name, record)
    return 1


@calls.function("calls_names", TEXT)
def calls_names(state: Calls, run: Run, pattern: str) -> int:
    """Logs the root names that a pattern matches, newest first."""
    found = run.xavps.find(pattern)
    run.xavps.add("found", " ".join(entry.name for entry in found))
    return len(found) or -1


@calls.function("calls_data", FORMAT)
def calls_data(state: Calls, run: Run, name: str) -> int:
    """The number in the data that calls_keep() has stored."""
    entry = run.xavps.get(name)
    kept = entry.inner.get("data") if entry is not None and entry.inner is not None else None
    if kept is None or not isinstance(kept.value, Data) or not isinstance(kept.value.payload, dict):
        return -1
    number: int = kept.value.payload["a"]
    return number


class WithCalls:
    """The catalog with one module more."""

    def __init__(self) -> None:
        self._others = Catalog(DEFAULT)

    def module(self, name: str) -> Module[Any] | None:
        return calls if name == "calls" else self._others.module(name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._others, name)


def running(body: str, *, debug: int = 2, modules: str = "") -> tuple[Instance, Calls]:
    text = f"#!KAMAILIO\ndebug={debug}\n{LOADED}{modules}request_route {{\n{body}\n}}\n"
    parsed = parse("calls.cfg", text)
    assert parsed.script is not None, parsed.diagnostics
    instance = Instance(resolve(parsed.script, DEFAULT, WithCalls()))
    assert not instance.refused, instance.findings
    instance.receive(REQUEST)
    return instance, instance.state("calls")


def test_script_reads_what_a_module_keeps() -> None:
    body = """    calls_keep("call");
    xlog("[$xavp(call=>null)] $xavp(call=>int) $xavp(call=>str) $xavp(call=>time) $xavp(call=>long) $xavp(call=>llong)\\n");
    xlog("$xavp(call=>list)\\n");
    xlog("$xavp(call=>data)\\n");
    calls_data("call"); xlog("$rc\\n");
    if (is_int("$xavp(call=>int)")) xlog("int\\n");
    if (is_int("$xavp(call=>long)")) xlog("long is int\\n"); else xlog("long is text\\n");"""
    instance, state = running(body)
    said = [re.sub("0x[0-9a-f]+", "@", text).strip() for text in instance.logs]
    assert said == [
        "[<null>] 5 text 1700000000 1099511627776 1125899906842624",
        "<<xavp:@>>",
        "<<data:@>>",
        "10",
        "int",
        "long is text",
    ]
    assert state.released == [{"a": 10, "s": "test"}], "released when the message is done with"


def test_names_are_found_by_a_pattern() -> None:
    body = """    $xavp(dst1) = 1; $xavp(dst22) = 2; $xavp(cnt) = 3; $xavp(Dst3) = 4; $xavp(dst1) = 5;
    calls_names("^dst[0-9]{1,2}$"); xlog("$rc $xavp(found)\\n");
    calls_names("^x"); xlog("$rc [$xavp(found)]\\n");"""
    instance, _ = running(body)
    assert [text.strip() for text in instance.logs] == ["3 dst1 dst22 dst1", "-1 []"]


@pytest.mark.parametrize(
    "removal",
    ["$xavp(call) = $null;", "$xavp(call=>data) = $null;", '$xavp(call[0]=>data[0]) = "other";', "$xavp(call[0]) = 1;", 'xavp_rm("call");'],
)
def test_data_is_released_when_its_entry_goes(removal: str) -> None:
    body = f"""    calls_keep("call");
    {removal}
    $xavp(after) = 1;
    calls_data("call"); xlog("$rc\\n");"""
    instance, state = running(body)
    assert instance.logs[0].strip() == "-1"
    assert len(state.released) == 1


def test_a_copy_shares_the_data() -> None:
    body = """    calls_keep("call");
    xavp_copy("call", "0", "copy");
    $xavp(call) = $null;
    xlog("$xavp(copy=>str) $xavp(copy=>list)\\n");"""
    instance, state = running(body)
    assert instance.logs[0].startswith("text <<xavp:0x")
    assert len(state.released) == 1


def test_a_transaction_keeps_the_data_until_it_is_gone() -> None:
    body = '    calls_keep("call");\n    t_newtran();\n    t_reply("404", "No");'
    instance, state = running(body, modules='loadmodule "sl.so"\nloadmodule "tm.so"\n')
    assert state.released == []
    instance.advance(200)
    assert len(state.released) == 1


def test_all_types_are_printed() -> None:
    instance, _ = running('    calls_keep("call");\n    pv_xavp_print();', debug=3)
    said = [event.text for event in instance.events if isinstance(event, Diag) and event.level == "INFO"]
    values = [re.sub("0x[0-9a-f]+", "@", text.strip()) for text in said if " XAVP value" in text]
    assert values[:4] == ["XAVP value type: 6", "XAVP value: <xavp:@>", "XAVP value type: 0", "XAVP value: <null>"]
    assert [text.rpartition(" ")[2] for text in values[2::2]] == ["0", "1", "2", "3", "4", "5", "6", "2", "9"]
    assert "XAVP value (time): 1700000000" in values
    assert "XAVP value (long int): 1099511627776" in values
    assert "XAVP value (llong): 1125899906842624" in values
    assert values[-1] == "XAVP value: <data:@>"


def test_two_instances_share_nothing() -> None:
    first, second = running('    calls_keep("call");'), running('    xlog("[$xavp(call)]\\n");')
    assert second[0].logs[0].strip() == "[<null>]"
    assert len(first[1].released) == 1
    assert second[1].released == []


def test_nested_list_is_the_same_object() -> None:
    """The reference to an inner list can be kept: what is added through it is seen in the script's next look."""
    held: list[XavpList] = []
    module = Module("calls", Calls, "")

    @module.function("calls_hold")
    def calls_hold(state: Calls, run: Run) -> int:
        """Keeps the inner list, and counts in it."""
        if not held:
            held.append(run.xavps.new_list())
            run.xavps.add("held", held[0])
        held[0].add("count", held[0].count("count") + 1)
        return 1

    class Catalogue(WithCalls):
        def module(self, name: str) -> Module[Any] | None:
            return module if name == "calls" else super().module(name)

    text = f'#!KAMAILIO\n{LOADED}request_route {{ calls_hold(); calls_hold(); xlog("$xavp(held=>count[*])"); }}\n'
    script = parse("held.cfg", text).script
    assert script is not None
    instance = Instance(resolve(script, DEFAULT, Catalogue()))
    instance.receive(REQUEST)
    assert instance.logs == ["2, 1"]
