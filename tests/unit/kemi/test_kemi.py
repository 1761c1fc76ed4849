from pathlib import Path

import pytest

from sroute.errors import UsageError
from sroute.instance.api import Options, load, start
from sroute.instance.events import Diag
from sroute.instance.instance import Instance

SCRIPT = """
debug=2
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
modparam("htable", "htable", "a=>size=4;autoexpire=100")
modparam("htable", "event_callback", "ksr_htable_event")
event_route[htable:mod-init] { $sht(a=>route) = 1; }
request_route { exit; }
"""
RECORDED = [
    # What Kamailio 5.6.3 with app_python3 gave: an expression, and its value or the name of its exception.
    ('pv.get("$sht(a=>none)")', "None"),
    ('pv.gete("$sht(a=>none)")', "''"),
    ('pv.getw("$sht(a=>none)")', "'<null>'"),
    ('pv.getvn("$sht(a=>none)", 7)', "7"),
    ('pv.getvs("$sht(a=>none)", "d")', "'d'"),
    ('pv.is_null("$sht(a=>none)")', "True"),
    ('pv.get("$nosuch(")', "None"),
    ('pv.gete("$nosuch(")', "''"),
    ('pv.getvn("$nosuch(", 7)', "7"),
    ('pv.is_null("$nosuch(")', "True"),
    ('pv.get("$var(x)")', "0"),
    ('pv.gete("$var(x)")', "0"),
    ('pv.is_null("$var(x)")', "False"),
    ('pv.sets("$sht(a=>s)", "x")', "True"),
    ('pv.seti("$sht(a=>i)", 5)', "True"),
    ('pv.seti("$sht(a=>i)", 5000000000)', "SystemError"),
    ('pv.get("$sht(a=>i)")', "5"),
    ('pv.unset("$sht(a=>s)")', "True"),
    ('pv.sets("$si", "x")', "True"),
    ('pv.sets("$nosuch(", "x")', "False"),
    ('pv.seti("$sht(a=>i)", "5")', "SystemError"),
    ('pv.sets("$sht(a=>i)", 5)', "SystemError"),
    ('h.sht_sets("a", "k", "v")', "1"),
    ('h.sht_seti("a", "n", 3)', "1"),
    ('h.sht_setex("a", "k", 3)', "1"),
    ('h.sht_sets("zz", "k", "v")', "-1"),
    ('h.sht_setxs("a", "k2", "v", 10)', "1"),
    ('h.sht_setxi("a", "k3", 4, 10)', "0"),
    ('h.sht_inc("a", "n")', "4"),
    ('h.sht_dec("a", "k")', "-255"),
    ('(h.sht_is_null("a", "n"), h.sht_is_null("a", "none"), h.sht_is_null("zz", "n"))', "(-1, 1, 2)"),
    ('(h.sht_get("a", "n"), h.sht_get("a", "none"), h.sht_gete("a", "none"))', "(4, None, '')"),
    ('(h.sht_getw("a", "none"), h.sht_get("zz", "x"), h.sht_get("a", "k"))', "('<null>', None, 'v')"),
    ('(h.sht_match_name("a", "sw", "k"), h.sht_match_str_value("a", "eq", "nope"))', "(1, -1)"),
    ('(h.sht_rm_name("a", "sw", "k2"), h.sht_rm_name_re("a", "^k3"), h.sht_rm_name_re("zz", "("))', "(1, 1, 1)"),
    ('(h.sht_rm_name_re("a", "("), h.sht_rm_value("a", "zz", "x"))', "(-1, -1)"),
    ('(h.sht_iterator_start("i", "a"), h.sht_iterator_next("i"), pv.get("$shtitkey(i)"))', "(1, 1, 'n')"),
    ('(h.sht_iterator_seti("i", 4), h.sht_iterator_end("i"))', "(1, 1)"),
    ('(h.sht_lock("a", "k"), h.sht_unlock("a", "k"), h.sht_lock("zz", "k"))', "(1, 1, -1)"),
    ('(h.sht_rm("a", "k"), h.sht_rm("zz", "k"), h.sht_reset("a"), h.sht_reset("zz"))', "(1, -1, 0, -1)"),
    ('h.sht_sets("a", "k")', "SystemError"),
    ('h.sht_sets("a", "k", 5)', "SystemError"),
    ('h.sht_seti("a", "k", "5")', "SystemError"),
    ('h.sht_sets("a", "k", None)', "SystemError"),
    ('h.sht_get("a", "k", "z")', "SystemError"),
    ('h.nosuch("a")', "AttributeError"),
    ("h.sht_has_name", "AttributeError"),
    ('KSR.nosuch.x("a")', "AttributeError"),
    ('KSR.info("hello\\n")', "0"),
    ('(KSR.is_REGISTER(), KSR.is_method("OPTIONS"), KSR.is_method_in("IO"))', "(False, True, True)"),
    ('KSR.x.modf("sht_rm", "a", "b")', "1"),
    ('KSR.x.modf("xlog", "hi $rm\\n")', "1"),
    ('KSR.x.modf("nosuch", "b")', "RuntimeError"),
    ('KSR.x.modf("sht_rm", "a", 5)', "TypeError"),
    ("KSR.x.exit()", "AttributeError"),
]


def begun(folder: Path, name: str, text: str, script: str = SCRIPT) -> Instance:
    (folder / name).write_text(text)
    return start(load(folder / "k.cfg", script), Options(kemi=folder / name))


def test_python_gives_what_app_python3_gave(tmp_path: Path) -> None:
    lines = ["import KSR as KSR", "found = []", "pv, h = KSR.pv, KSR.htable", "def tried(f):"]
    lines += ["    try: found.append(repr(f()))", "    except BaseException as e: found.append(type(e).__name__)"]
    lines += ["def mod_init(): return kamailio()", "class kamailio:", "    def ksr_htable_event(self, msg, event):"]
    lines += [f"        tried(lambda: {expression})" for expression, _ in RECORDED]
    lines += ['        for n, text in enumerate(found): KSR.info("%d:%s\\n" % (n, text))']
    instance = begun(tmp_path, "k.py", "\n".join(lines))
    got = dict(line.split(":", 1) for line in instance.logs if ":" in line)
    assert [(RECORDED[int(n)][0], text) for n, text in got.items()] == RECORDED
    assert "hello" in instance.logs


EVENTS = """
import KSR
def mod_init():
    return Handler()
class Handler:
    def ksr_htable_event(self, msg, event):
        KSR.info("%s %r %r\\n" % (event, KSR.pv.get("$shtrecord(key)"), KSR.pv.get("$shtrecord(value)")))
"""


def test_the_callback_takes_the_place_of_event_routes(tmp_path: Path) -> None:
    instance = begun(tmp_path, "k.py", EVENTS)
    assert instance.logs == ["htable:mod-init None None"]
    assert instance.tables()["a"] == {}
    instance.rpc("htable.seti", ["a", "n", 5])
    instance.advance(130)
    assert instance.logs[1:] == ["htable:expired:a 'n' 5"]
    assert instance.tables()["a"] == {}


def test_the_lua_example_of_the_htable_document(tmp_path: Path) -> None:
    pytest.importorskip("lupa")
    text = """
-- event callback function implemented in Lua
function ksr_htable_event(evname)
        KSR.info("===== htable module triggered event: " .. evname .. "\\n");
        return 1;
end
"""
    instance = begun(tmp_path, "k.lua", text)
    instance.rpc("htable.seti", ["a", "n", 5])
    instance.advance(130)
    assert instance.logs == [
        "===== htable module triggered event: htable:mod-init",
        "===== htable module triggered event: htable:expired:a",
    ]


LUA = """
function show(...)
  local t, s = {...}, ""
  for i = 1, select("#", ...) do s = s .. " " .. type(t[i]) .. ":" .. tostring(t[i]) end
  KSR.info(s .. "\\n")
end
function ksr_htable_event(evname)
  show(KSR.pv.get("$sht(a=>none)"), KSR.pv.gete("$sht(a=>none)"), KSR.pv.getw("$sht(a=>none)"), KSR.pv.getvn("$sht(a=>none)", 5))
  show(KSR.pv.is_null("$sht(a=>none)"), KSR.pv.sets("$sht(a=>s)", "x"), KSR.pv.seti("$sht(a=>i)", 5), KSR.pv.unset("$sht(a=>s)"))
  show(KSR.pv.get("$sht(a=>i)"))
  show(KSR.htable.sht_sets("a", "k", "v"), KSR.htable.sht_get("a", "k"), KSR.htable.sht_get("a", "none"))
  show(KSR.htable.sht_reset("a"), KSR.htable.sht_sets("zz", "k", "v"), KSR.htable.sht_is_null("a", "k"))
  show(KSR.htable.sht_sets("a", "k", 5))
  show(KSR.htable.sht_seti("a", "k", "5"))
  show(KSR.htable.sht_seti("a", "k"))
  show(pcall(function() KSR.htable.nosuch("a") end) == false)
  show(KSR.is_REGISTER(), KSR.is_method_in("IO"), KSR.is_method("OPTIONS"))
  show(KSR.x.modf("xlog", "hi\\n"))
  show(python == nil, type(KSR.info))
  KSR.x.exit()
  KSR.info("after\\n")
end
"""


def test_lua_gives_what_app_lua_gave(tmp_path: Path) -> None:
    pytest.importorskip("lupa")
    instance = begun(tmp_path, "k.lua", LUA)
    assert instance.logs == [
        " nil:nil string: string:<null> number:5",
        " boolean:true boolean:true boolean:true boolean:true",
        " number:5",
        " number:1 string:v nil:nil",
        " number:0 number:-1 number:1",
        " number:1",
        " number:1",
        " boolean:false",
        " boolean:true",
        " boolean:false boolean:true boolean:true",
        " number:-1",
        " boolean:true string:function",
    ]


def complaints(instance: Instance) -> list[str]:
    return [event.text for event in instance.events if isinstance(event, Diag) and not event.note]


def test_a_callback_that_fails_is_logged(tmp_path: Path) -> None:
    instance = begun(tmp_path, "k.py", EVENTS.replace("KSR.info(", "nothing("))
    assert [text for text in complaints(instance) if "NameError" in text]
    instance = begun(tmp_path, "l.py", EVENTS.replace("def ksr_htable_event", "def other"))
    assert [text for text in complaints(instance) if "ksr_htable_event is not found" in text]


def test_bytes_that_are_no_text_are_an_exception_of_python(tmp_path: Path) -> None:
    text = EVENTS.replace('KSR.info("%s', 'KSR.htable.sht_get("a", "raw"); KSR.info("%s')
    instance = begun(tmp_path, "k.py", text)
    instance.rpc("htable.sets", ["a", "raw", "\xff"])
    instance.advance(130)
    assert [said for said in complaints(instance) if "UnicodeDecodeError" in said]


@pytest.mark.parametrize(("name", "text"), [("k.py", "def"), ("k.py", "x = 1"), ("k.lua", "function"), ("k.txt", ""), ("k.py", "1/0")])
def test_a_file_that_can_not_be_used_is_refused(tmp_path: Path, name: str, text: str) -> None:
    if name.endswith("lua"):
        pytest.importorskip("lupa")
    with pytest.raises(UsageError):
        begun(tmp_path, name, text)


def test_two_instances_share_nothing(tmp_path: Path) -> None:
    first = begun(tmp_path, "k.py", EVENTS + "\n        KSR.pv.sets('$sht(a=>x)', 'y')\n")
    second = begun(tmp_path, "k.py", EVENTS)
    assert first.tables()["a"] == {"x": "y"}
    assert second.tables()["a"] == {}
