"""Functions, attributes and rules that differ in versions after 5.6, as they were observed in the development branch after 6.1."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sroute.dialect import DEFAULT, DIALECTS, Dialect
from sroute.errors import ScriptError
from sroute.instance.api import load, start
from sroute.instance.events import Diag
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.values import Value
from sroute.runtime.world import World
from tests.unit.modules.htable.test_facts import MESSAGE

DEV = DIALECTS["dev"]
HEAD = """#!KAMAILIO
loadmodule "db_sqlite.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
"""
TABLES = """modparam("htable", "htable", "a=>size=4")
modparam("htable", "htable", "i=>size=4;initval=7")
modparam("htable", "htable", "e=>size=4;autoexpire=10")
modparam("htable", "htable", "f=>size=4;autoexpire=10;updateexpire=0")
"""


def started(body: str, *, dialect: Dialect = DEV, params: str = TABLES, folder: Path = Path("/")) -> Instance:
    text = f"{HEAD}{params}request_route {{\n{body}\n}}\n"
    return start(load(folder / "k.cfg", text, dialect=dialect), Options(world=World(folder)))


def ran(body: str, dialect: Dialect = DEV) -> list[str]:
    instance = started(body, dialect=dialect)
    instance.receive(MESSAGE)
    return instance.logs


IS_NULL = [
    ("none", "k", "2"),
    ("i", "k", "-2"),
    ("i", "there", "-2"),
    ("a", "there", "-1"),
    ("a", "k", "1"),
    ("", "k", "3"),
    ("a", "", "3"),
]


@pytest.mark.parametrize("dialect", [DIALECTS["6.1"], DEV], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize(("table", "key", "code"), IS_NULL)
def test_sht_is_null(table: str, key: str, code: str, dialect: Dialect) -> None:
    body = f'$var(t) = "{table}"; $var(k) = "{key}"; sht_is_null("$var(t)", "$var(k)"); xlog("$rc\\n");'
    assert ran(f"$sht(a=>there) = 1; $sht(i=>there) = 1; {body}", dialect) == [code]


COUNTED: list[tuple[str, str, str, Value]] = [
    ("i", "k", "1 -1 1", 7),
    ("a", "n", "1 -1 1", 5),
    ("a", "k", "-1 -1 -1", None),
    ("a", "text", "-1 -1 -1", "x"),
    ("none", "k", "-1 -1 -1", None),
]


@pytest.mark.parametrize(("table", "key", "codes", "value"), COUNTED)
def test_sht_inc_and_sht_dec(table: str, key: str, codes: str, value: Value) -> None:
    inc, _, dec = codes.split()
    called = f'sht_inc("{table}", "{key}"); $var(a) = $rc; sht_dec("{table}", "{key}"); xlog("$var(a) $rc\\n");'
    instance = started(f'$sht(a=>n) = 5; $sht(a=>text) = "x"; {called}')
    instance.receive(MESSAGE)
    assert instance.logs == [f"{inc} {dec}"]
    assert instance.tables().get(table, {}).get(key) == value


@pytest.mark.parametrize(
    ("function", "operator", "text"), [("name", "ew", "b"), ("name", "in", "xa"), ("value", "ew", "end"), ("value", "in", "mid")]
)
def test_operators_that_came_with_6_0(function: str, operator: str, text: str) -> None:
    body = (
        f'$sht(a=>xab) = "a mid end"; $sht(a=>other) = "x"; sht_rm_{function}("a", "{operator}", "{text}"); xlog("$rc $shtcn(a=>**)\\n");'
    )
    assert ran(body) == ["1 1"]
    assert ran(body, DEFAULT) == ["-1 2"], "unknown in 5.6.3"


@pytest.mark.parametrize(("dialect", "found"), [(DEFAULT, "1 1"), (DEV, "0 1")], ids=["5.6", "newer"])
def test_counters_and_expired_items(dialect: Dialect, found: str) -> None:
    instance = started('xlog("$shtcn(e=>^k) $shtcn(e=>**)\\n");', dialect=dialect)
    instance.assign("$sht(e=>k)", 1)
    instance.advance(11)
    instance.receive(MESSAGE)
    assert instance.logs == [found]


@pytest.mark.parametrize(("dialect", "value"), [(DEFAULT, None), (DEV, 2)], ids=["5.6", "newer"])
def test_a_write_revives_an_expired_item(dialect: Dialect, value: Value) -> None:
    """Without updateexpire too, in newer versions."""
    instance = started("exit;", dialect=dialect)
    instance.assign("$sht(f=>k)", 1)
    instance.advance(11)
    instance.assign("$sht(f=>k)", 2)
    assert instance.value("$sht(f=>k)") == value


@pytest.mark.parametrize(("dialect", "left"), [(DEFAULT, False), (DEV, True)], ids=["5.6", "newer"])
def test_setxs_keeps_the_expiry_of_an_item_that_grows(dialect: Dialect, left: bool) -> None:
    instance = started("exit;", dialect=dialect)
    instance.assign("$sht(e=>k)", "x")
    instance.rpc("htable.setxs", ["e", "k", "longer", 30])
    assert (instance.value("$shtex(e=>k)") == 30) == left


@pytest.mark.parametrize(("assigned", "there"), [("5", True), ("0", False), ("-1", False)])
@pytest.mark.parametrize("dialect", [DEFAULT, DEV], ids=["5.6", "newer"])
def test_the_expired_event_can_prolong_an_item(dialect: Dialect, assigned: str, there: bool) -> None:
    event = f"}}\nevent_route[htable:expired:e] {{ $shtex(e=>$shtrecord(key)) = {assigned};"
    instance = started("exit;\n" + event, dialect=dialect)
    instance.assign("$sht(e=>k)", 1)
    instance.advance(21)
    assert (instance.tables()["e"] == {"k": 1}) == (there and dialect.newer)


def test_integers_have_64_bits_but_rpc_shows_32() -> None:
    instance = started("$sht(a=>n) = 2147483647; $var(x) = $shtinc(a=>n);")
    instance.receive(MESSAGE)
    assert instance.value("$sht(a=>n)") == 2147483648
    assert "value: -2147483648\n" in instance.rpc_line("htable.get a n").text


def test_a_missing_table_is_logged() -> None:
    instance = started('xlog("[$sht(none=>k)]\\n");')
    instance.receive(MESSAGE)
    assert instance.logs == ["[<null>]"]
    assert [event.text for event in instance.events if isinstance(event, Diag) and event.source == "htable"] == [
        "htable not found for getting $sht(none=>k)"
    ]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", {"k1": "x,1,z", "k2": "*,*,*", "k3": "a,b,3,"}),
        ("coldelim=';'", {"k1": "x;1;z", "k2": "*;*;*", "k3": "a,b;3;"}),
        ("colnull=''", {"k1": "x,1,z", "k2": ",,", "k3": "a,b,3,"}),
    ],
)
def test_coldelim_and_colnull(tmp_path: Path, attributes: str, expected: dict[str, str]) -> None:
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        db.execute("CREATE TABLE wide (k VARCHAR(9), a VARCHAR(9), b INTEGER, c VARCHAR(9))")
        db.executemany("INSERT INTO wide VALUES (?, ?, ?, ?)", [("k1", "x", 1, "z"), ("k2", None, None, None), ("k3", "a,b", 3, "")])
        db.commit()
    params = 'modparam("htable", "db_url", "sqlite:///t.db")\n' + (
        f'modparam("htable", "htable", "h=>size=4;dbtable=wide;cols=\'k,a,b,c\';{attributes}")\n'
    )
    assert started("exit;", params=params, folder=tmp_path).tables()["h"] == expected
    if attributes:
        with pytest.raises(ScriptError):
            started("exit;", params=params, folder=tmp_path, dialect=DEFAULT)


def test_a_definition_without_attributes_is_refused() -> None:
    params = 'modparam("htable", "htable", "a=>")\n'
    assert started("exit;", params=params, dialect=DEFAULT).tables() == {"a": {}}
    with pytest.raises(ScriptError):
        started("exit;", params=params)
