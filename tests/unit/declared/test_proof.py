"""The same facts asked from the installed Kamailio: its parser takes what is declared and refuses what is not."""

import shutil
import subprocess

import pytest

from sroute.modules import declared
from sroute.modules.declared import Declared
from tools.declare import expect, kamailio, prove


def can_ask() -> bool:
    """Whether a Kamailio 5.6.3 is installed and may be put into a network namespace of its own."""
    if not shutil.which("kamailio") or not shutil.which("unshare"):
        return False
    asked = subprocess.run([*kamailio.ALONE, "kamailio", "-v"], capture_output=True, text=True)
    return asked.returncode == 0 and "version: kamailio 5.6.3" in asked.stdout


pytestmark = [pytest.mark.live, pytest.mark.skipif(not can_ask(), reason="no Kamailio 5.6.3 here")]


def installed() -> list[Declared]:
    found = [declared.load(name) for name in declared.names() if (kamailio.MODULES / f"{name}.so").exists()]
    return [module for module in found if module and module.since == declared.BASELINE]


def test_no_module_is_missing() -> None:
    there = {path.stem for path in kamailio.MODULES.glob("*.so") if kamailio.is_module(path)}
    assert there <= set(declared.names())


def test_functions() -> None:
    assert [wrong for module in installed() for wrong in expect.wrong_calls(module)] == []


def test_event_routes_and_plain_routes_are_read_as_request() -> None:
    lines = [*prove.head(["sl"]), "event_route[no:such] { ;", "sl_reply_error();", "sl_forward_reply();", "}"]
    lines += ["route[X] { ;", "sl_reply_error();", "sl_forward_reply();", "}"]
    _, complaints, _ = kamailio.check(lines)
    refused = [number for number, line in enumerate(lines, 1) if line.startswith("sl_forward_reply")]
    assert complaints == dict.fromkeys(refused, prove.WRONG_BLOCK)


def test_params() -> None:
    assert [wrong for module in installed() for wrong in expect.wrong_params(module)] == []


def test_variables() -> None:
    assert [wrong for module in installed() for wrong in expect.wrong_variables(module, every_refusal=False)] == []


def test_a_false_declaration_is_found() -> None:
    wrong = Declared(
        "maxfwd",
        "maxfwd",
        "kamailio",
        functions=(declared.FunctionFact("process_maxfwd", (0,)),),
        params=(declared.ParamFact("max_limit", ("str",)),),
        variables=(declared.VariableFact("nope"),),
    )
    assert len(expect.wrong_calls(wrong)) > 1
    assert expect.wrong_params(wrong) == ["max_limit as int", "max_limit as string"]
    assert len(expect.wrong_variables(wrong, every_refusal=False)) == 1
