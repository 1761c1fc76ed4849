"""`--documented`: example 1.3 of the module's documentation, word for word."""

from pathlib import Path

from sroute.instance.api import load, start
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.world import World
from tests.unit.modules.htable.test_facts import MESSAGE

SCRIPT = """#!KAMAILIO
loadmodule "db_text.so"
loadmodule "htable.so"
modparam("htable", "db_url", "text://dbtext")
modparam("htable", "htable", "htable=>size=8;dbtable=htable")
request_route {
    exit;
}
"""
TABLE = """id(int,auto) key_name(string) key_type(int) value_type(int) key_value(string) expires(int)
1:key:1:0:value3:0
2:key:1:0:value2:0
3:key:1:0:value1:0
"""
SHOWN = """{
	entry: %d
	size: 1
	slot: {
		item: {
			name: %s
			value: %s
		}
	}
}
"""
FIRST = SHOWN % (35, "key[0]", "value1")
OTHERS = SHOWN % (50, "key::size", "3") + SHOWN % (67, "key[1]", "value2") + SHOWN % (227, "key[2]", "value3")


def started(folder: Path, *, documented: bool) -> Instance:
    (folder / "dbtext").mkdir()
    (folder / "dbtext" / "htable").write_text(TABLE)
    return start(load(folder / "kamailio.cfg", SCRIPT), Options(world=World(folder), documented=documented))


def test_array_example(tmp_path: Path) -> None:
    instance = started(tmp_path, documented=True)
    assert instance.rpc_line("htable.dump htable").text == FIRST + OTHERS
    assert instance.rpc_line("htable.delete htable key[0]").text == ""
    assert instance.rpc_line("htable.dump htable").text == OTHERS


def test_what_5_6_3_really_prints(tmp_path: Path) -> None:
    instance = started(tmp_path, documented=False)
    shown = instance.rpc_line("htable.dump htable").text
    assert "\t\t{\n\t\t\tname: key[0]\n\t\t\tvalue: value3\n\t\t\ttype: str\n\t\t}\n" in shown
    assert instance.rpc_line("htable.delete htable key[0]").text == "Ok. Key deleted.\n"


def test_several_items_of_a_slot(tmp_path: Path) -> None:
    instance = started(tmp_path, documented=True)
    instance.rpc_line("htable.sets htable KEY[0] upper")
    instance.rpc_line("htable.seti htable Key[0] 5")
    assert instance.rpc_line("htable.dump htable").text.startswith(
        "{\n\tentry: 35\n\tsize: 3\n\tslot: {\n\t\titem: {\n\t\t\tname: key[0]\n\t\t\tvalue: value1\n\t\t}\n"
        "\t\titem: {\n\t\t\tname: KEY[0]\n\t\t\tvalue: upper\n\t\t}\n\t\titem: {\n\t\t\tname: Key[0]\n\t\t\tvalue: 5\n\t\t}\n\t}\n}\n"
    )
    assert instance.rpc("htable.dump", ["htable"])[0]["slot"][2] == {"item": {"name": "Key[0]", "value": 5}}


def test_arrays_and_simple_rows(tmp_path: Path) -> None:
    (tmp_path / "dbtext").mkdir()
    rows = ["1:a:1:0:1:0", "2:a:1:0:2:0", "3:b:0:0:simple:0", "4:c:1:0:3:0", "5:c:1:0:4:0", "6:c:1:0:5:0"]
    (tmp_path / "dbtext" / "htable").write_text(TABLE.partition("\n")[0] + "\n" + "".join(f"{row}\n" for row in rows))
    instance = start(load(tmp_path / "kamailio.cfg", SCRIPT), Options(world=World(tmp_path), documented=True))
    instance.receive(MESSAGE)
    assert instance.tables()["htable"] == {
        "a[0]": "2",
        "a[1]": "1",
        "a::size": 2,
        "b": "simple",
        "c[0]": "5",
        "c[1]": "4",
        "c[2]": "3",
        "c::size": 3,
    }
