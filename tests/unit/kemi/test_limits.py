import time
from pathlib import Path

import pytest

from sroute.errors import UsageError
from sroute.instance.api import Options, load, start
from sroute.instance.events import Diag, Failed
from sroute.instance.instance import Instance
from sroute.kemi.facts import exports
from sroute.kemi.offer import offered
from sroute.modules.catalog import Catalog
from tests.unit.kemi.recorded import known, names, read

SCRIPT = """
debug=2
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "dispatcher.so"
loadmodule "htable.so"
modparam("htable", "htable", "a=>size=4")
loadmodule "app_MODULE.so"
cfgengine "ENGINE"
"""
MESSAGE = b"""OPTIONS sip:x@127.0.0.1 SIP/2.0\r
Via: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK1\r
From: <sip:a@127.0.0.1>;tag=1\r
To: <sip:x@127.0.0.1>\r
Call-ID: one\r
CSeq: 1 OPTIONS\r
Content-Length: 0\r
\r
"""
LUA = [
    "while true do end",
    "while true do pcall(function() while true do end end) end",
    "local co = coroutine.wrap(function() while true do end end); co()",
    "local co = coroutine.create(function() while true do end end); while true do coroutine.resume(co) end",
    "while true do KSR.is_INVITE() end",
    "local function f() return f() end; f()",
    "for i = 1, 1e12 do end",
    "repeat until false",
]
PYTHON = [
    "while True: pass",
    "while True:\n            try: f()\n            except BaseException: pass",
    "[x for x in iter(int, 1)]",
    "any(x for x in iter(int, 1))",
    "for x in iter(int, 1): pass",
    "g = lambda n: g(0) if False else 1\n        while 1: g(1)",
    "while True: KSR.is_INVITE()",
]


def script(engine: str) -> str:
    return SCRIPT.replace("ENGINE", engine).replace("MODULE", {"python": "python3"}.get(engine, engine))


def begun(folder: Path, name: str, body: str, **options: int) -> Instance:
    if name.endswith("lua"):
        pytest.importorskip("lupa")
        text, engine = f"function ksr_request_route() {body} end", "lua"
    else:
        text, engine = (
            f"import KSR\ndef mod_init(): return H()\nclass H:\n    def ksr_request_route(self, msg):\n        {body}\n",
            "python",
        )
    (folder / name).write_text(text)
    made = start(load(folder / "k.cfg", script(engine)), Options(kemi=folder / name, **options))  # type: ignore[arg-type]
    made.receive(MESSAGE)
    return made


def failures(instance: Instance) -> list[str]:
    return [event.finding.message for event in instance.events if isinstance(event, Failed)]


def complaints(instance: Instance) -> list[str]:
    return [event.text for event in instance.events if isinstance(event, Diag)]


@pytest.mark.parametrize("body", LUA)
def test_an_endless_lua_function_ends(tmp_path: Path, body: str) -> None:
    began = time.monotonic()
    instance = begun(tmp_path, "k.lua", body, max_steps=200_000)
    assert [text for text in failures(instance) if "step limit" in text]
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("body", PYTHON)
def test_an_endless_python_function_ends(tmp_path: Path, body: str) -> None:
    began = time.monotonic()
    instance = begun(tmp_path, "k.py", body, max_steps=200_000)
    assert [text for text in failures(instance) if "step limit" in text]
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(("name", "text"), [("k.py", "while True: pass"), ("k.lua", "while true do end"), ("k.lua", "KSR.x.exit()")])
def test_a_file_that_never_ends_to_load_is_refused(tmp_path: Path, name: str, text: str) -> None:
    if name == "k.lua":
        pytest.importorskip("lupa")
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match="--kemi"):
        start(load(tmp_path / "k.cfg", script("lua")), Options(kemi=tmp_path / name, max_steps=200_000))


@pytest.mark.parametrize("name", ["k.py", "k.lua"])
def test_deep_recursion_is_a_complaint(tmp_path: Path, name: str) -> None:
    deep = "def f(n): return f(n) + 1\n        f(1)" if name == "k.py" else "local function f(n) return f(n) + 1 end; f(1)"
    instance = begun(tmp_path, name, deep)
    assert failures(instance) or [text for text in complaints(instance) if "Recursion" in text or "overflow" in text]
    instance.receive(MESSAGE)


@pytest.mark.parametrize("body", ["KSR.dispatcher.ds_select_dst(1, 4)", "pcall(function() KSR.dispatcher.ds_select_dst(1, 4) end)"])
def test_a_call_that_is_not_simulated_ends_the_message(tmp_path: Path, body: str) -> None:
    instance = begun(tmp_path, "k.lua", body)
    if "dispatcher" in {module.name for module in instance.program.modules if any(f.simulated for f in module.functions.values())}:
        pytest.skip("dispatcher is simulated")
    assert [text for text in failures(instance) if "KSR.dispatcher.ds_select_dst() of module dispatcher is not simulated" in text]


def test_what_a_file_lacks_is_a_complaint(tmp_path: Path) -> None:
    pytest.importorskip("lupa")
    (tmp_path / "k.lua").write_text("x = 1")
    instance = start(load(tmp_path / "k.cfg", script("lua")), Options(kemi=tmp_path / "k.lua"))
    instance.receive(MESSAGE)
    assert [text for text in complaints(instance) if "no request_route" in text]
    with pytest.raises(UsageError, match="cfgengine"):
        start(load(tmp_path / "k.cfg", script("python")), Options(kemi=tmp_path / "k.lua"))


def test_without_its_file_a_script_says_so(tmp_path: Path) -> None:
    instance = start(load(tmp_path / "k.cfg", script("lua")))
    assert [text for text in complaints(instance) if "--kemi FILE" in text]


def test_every_function_of_a_simulated_module_is_offered() -> None:
    modules = [module for name in Catalog().names() if (module := Catalog().module(name)) is not None]
    found = {(function.export.module, function.export.name) for function in offered(modules)}
    assert found == {(export.module, export.name) for export in exports()}
    assert len(found) > 1000


def test_what_was_recorded_is_whole() -> None:
    assert sum(len(known(name)["lua"]) for name in names()) > 500
    assert all(len(known(name)[engine]) == len(read(name).calls) for name in names() for engine in ("lua", "python"))


@pytest.mark.parametrize(
    ("module", "call", "name", "text"),
    [
        ("lua", "lua_run", "k.lua", 'function f() KSR.route("again") end'),
        (
            "python3",
            "python_exec",
            "k.py",
            "import KSR\ndef mod_init(): return H()\nclass H:\n    def f(self, msg): return KSR.route('again')\n",
        ),
    ],
)
def test_a_file_and_a_script_that_call_each_other_for_ever(tmp_path: Path, module: str, call: str, name: str, text: str) -> None:
    if module == "lua":
        pytest.importorskip("lupa")
    (tmp_path / name).write_text(text)
    loads = f'loadmodule "sl.so"\nloadmodule "app_{module}.so"\n'
    routes = f'route[again] {{ {call}("f"); }}\nrequest_route {{ {call}("f"); sl_send_reply("200", "OK"); }}\n'
    instance = start(load(tmp_path / "k.cfg", loads + routes), Options(kemi=tmp_path / name, max_steps=100_000))
    instance.receive(MESSAGE)
    assert failures(instance) or complaints(instance)
    instance.receive(MESSAGE.replace(b"z9hG4bK1", b"z9hG4bK2"))
