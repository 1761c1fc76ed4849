import json
import tempfile
from pathlib import Path

import pytest

from sroute.instance.api import Options, load, start
from sroute.sip.endpoint import Endpoint
from tests.unit.kemi import flows
from tests.unit.kemi.recorded import END, ENGINES, SUFFIXES, known, names, read

HERE, CLIENT = Endpoint("udp", "127.0.0.1", 15060), Endpoint("udp", "127.0.0.1", 15070)


def ours(name: str, engine: str) -> list[str]:
    calls = read(name)
    with tempfile.TemporaryDirectory() as folder:
        program, results = Path(folder, f"routing.{SUFFIXES[engine]}"), Path(folder, "results")
        program.write_text(calls.program(engine, results))
        loaded = load(Path(folder, "k.cfg"), calls.script(engine, program))
        instance = start(loaded, Options(kemi=program, listen=HERE))
        instance.receive(calls.message, CLIENT)
        assert results.exists(), instance.events
        lines = results.read_text("utf-8", "backslashreplace").splitlines()
    assert lines[-1] == END, instance.events[-3:]
    return lines[:-1]


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("engine", ENGINES)
def test_calls_give_what_the_real_engines_gave(name: str, engine: str) -> None:
    if engine == "lua":
        pytest.importorskip("lupa")
    got = dict(zip(read(name).calls, ours(name, engine), strict=True))
    assert got == dict(zip(read(name).calls, known(name)[engine], strict=True))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_conversation_routed_by_a_file_is_that_of_the_real_one(engine: str, tmp_path: Path) -> None:
    if engine == "lua":
        pytest.importorskip("lupa")
    program = flows.FOLDER / f"routing.{SUFFIXES[engine]}"
    instance = start(load(tmp_path / "k.cfg", flows.script(engine, program)), Options(kemi=program, listen=HERE))
    for step in flows.STEPS:
        relayed = next((sent.message for sent in reversed(instance.sent) if flows.is_request(sent.message)), "")
        if "wait" in step:
            instance.advance(float(step["wait"]))
        else:
            instance.receive(flows.request(step) if "send" in step else flows.reply(step, relayed), CLIENT)
    said = [flows.told(sent.message) for sent in instance.sent]
    assert said == json.loads(flows.RECORDED.read_text())[engine]
