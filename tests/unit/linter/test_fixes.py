"""Fixes: nothing changes outside of their edits, the result parses, a second run changes nothing, and files keep their bytes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sroute.cli.lint import lint as command
from sroute.linter.fixing import apply, mend
from sroute.linter.linter import Linted, Request, lint
from sroute.linter.registry import all_rules
from sroute.linter.rule import Bad, Rule
from sroute.syntax.parser import parse
from tests.unit.linter.scripts import whole

MARK = "\xef\xbb\xbf"
FIXED = [(rule, example) for rule in all_rules() if not rule.version for example in rule.bad if example.fixed is not None]
FORMS: dict[str, Callable[[str], str]] = {
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "a mark at the beginning": lambda text: MARK + text,
    "letters above ASCII": lambda text: text.replace("\n", " # caf\xe9 \xa7\n", 1) + "# \xff end\n",
    "no line end at the end": lambda text: text.rstrip("\n"),
    "tabs": lambda text: re.sub(r"(?m)^    ", "\t", text),
}
STATEMENTS = sorted({example.text for _, example in FIXED if whole(example.text) != example.text and "[" not in example.text[:30]})


def errors(linted: Linted) -> int:
    return sum(finding.diagnostic.severity == "error" for finding in linted.findings)


def only(rule: Rule, text: str) -> Callable[[dict[str, str]], Linted]:
    """Lints a text that fixes have changed, for one rule and what Kamailio refuses."""

    def again(texts: dict[str, str]) -> Linted:
        found = lint("example.cfg", texts.get("example.cfg", text))
        wanted = (finding for finding in found.findings if finding.code == rule.code or finding.diagnostic.severity == "error")
        return Linted(tuple(wanted), found.sources)

    return again


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("rule", "example"), FIXED[::4], ids=[f"{rule.code}-{number}" for number, (rule, _) in enumerate(FIXED[::4])])
def test_bytes_are_kept(rule: Rule, example: Bad, form: str) -> None:
    text = FORMS[form](whole(example.text))
    mended = mend(only(rule, text), "example.cfg", text, unsafe=True)
    after = mended.texts.get("example.cfg", text)
    assert after.startswith(MARK) == text.startswith(MARK)
    assert after.count("\xff") == text.count("\xff")
    if form == "carriage returns":
        assert not re.search(r"(?<!\r)\n", after)
    if mended.count:
        assert parse("example.cfg", after).ok
        assert not mend(only(rule, after), "example.cfg", after, unsafe=True).texts


@pytest.mark.parametrize(("rule", "example"), FIXED, ids=[f"{rule.code}-{number}" for number, (rule, _) in enumerate(FIXED)])
def test_same_fix_with_carriage_returns(rule: Rule, example: Bad) -> None:
    text = whole(example.text)
    plain = mend(only(rule, text), "example.cfg", text, unsafe=True).texts.get("example.cfg", text)
    returned = text.replace("\n", "\r\n")
    other = mend(only(rule, returned), "example.cfg", returned, unsafe=True).texts.get("example.cfg", returned)
    assert other == plain.replace("\n", "\r\n")


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=5), st.booleans(), st.booleans())
def test_mixtures(parts: list[str], unsafe: bool, returns: bool) -> None:
    """Several mistakes in one block: the result parses as far as it did before, and a second run changes nothing."""
    text = whole("\n".join(parts) + "\nexit;")
    text = text.replace("\n", "\r\n") if returns else text

    def again(texts: dict[str, str]) -> Linted:
        return lint("example.cfg", texts.get("example.cfg", text))

    before = again({})
    mended = mend(again, "example.cfg", text, unsafe=unsafe)
    assert mended.linted is not None
    assert errors(mended.linted) <= errors(before)
    after = mended.texts.get("example.cfg", text)
    assert not returns or not re.search(r"(?<!\r)\n", after)

    def later(texts: dict[str, str]) -> Linted:
        return lint("example.cfg", texts.get("example.cfg", after))

    assert not mend(later, "example.cfg", after, unsafe=unsafe).texts


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=4))
def test_nothing_changes_outside(parts: list[str]) -> None:
    text = whole("\n".join(parts) + "\nexit;")
    for finding in lint("example.cfg", text).findings:
        if finding.fix is None:
            continue
        edits = sorted(finding.fix.edits, key=lambda edit: edit.span.start)
        after, at, kept = apply(text, edits), 0, 0
        for edit in edits:
            piece = text[kept : edit.span.start]
            assert after[at : at + len(piece)] == piece
            at, kept = at + len(piece) + len(edit.text), edit.span.end
        assert after[at:] == text[kept:]


def test_safe_fixes_do_not_need_unsafe() -> None:
    text = whole('xlog("L_INFO", "one");\nappend_hf("X: 1");\nif ($var(x) = 1) exit;\nexit;')
    safe = mend(lambda texts: lint("example.cfg", texts.get("example.cfg", text)), "example.cfg", text, unsafe=False)
    after = safe.texts["example.cfg"]
    assert 'append_hf("X: 1\\r\\n")' in after
    assert "$var(x) = 1" in after


MAIN = (
    '#!KAMAILIO\r\n# caf\xe9\r\nloadmodule "pv.so"\r\nloadmodule "textops.so"\r\ninclude_file "routes.cfg"\r\n'
    "request_route { route(A); exit; }\r\n"
)
PART = MARK + "route[A] {\n\tappend_hf(\"X-A: \xfc\");  \n\tif ($rU =~ '^\\d') exit;\n}\n"


def test_findings_in_an_included_file_mend_that_file(tmp_path: Path) -> None:
    main, part = tmp_path / "main.cfg", tmp_path / "routes.cfg"
    main.write_bytes(MAIN.encode("latin-1"))
    part.write_bytes(PART.removeprefix(MARK).encode("latin-1"))
    shown = CliRunner().invoke(command, ["--fix", "--diff", "--select", "SB017,ST009", str(main)])
    assert "routes.cfg" in shown.output
    assert part.read_bytes() == PART.removeprefix(MARK).encode("latin-1")
    CliRunner().invoke(command, ["--fix", "--select", "SB017,ST009", str(main)])
    assert main.read_bytes() == MAIN.encode("latin-1")
    expected = PART.removeprefix(MARK).replace('\xfc");  ', '\xfc\\r\\n");')
    assert part.read_bytes() == expected.encode("latin-1")
    again = CliRunner().invoke(command, ["--fix", "--select", "SB017,ST009", str(main)])
    assert part.read_bytes() == expected.encode("latin-1")
    assert "0 fixes" in again.output


def test_a_file_that_is_included_twice_is_mended_once(tmp_path: Path) -> None:
    part = tmp_path / "say.cfg"
    part.write_bytes(b'append_hf("X-A: 1");\n')
    main = tmp_path / "main.cfg"
    main.write_bytes(
        b'#!KAMAILIO\nloadmodule "textops.so"\nrequest_route {\ninclude_file "say.cfg"\nexit;\n}\nroute[A] {\ninclude_file "say.cfg"\n}\n'
    )
    CliRunner().invoke(command, ["--fix", "--select", "SB017", str(main)])
    assert part.read_bytes() == b'append_hf("X-A: 1\\r\\n");\n'


def test_many_rules_have_a_fix() -> None:
    assert len({rule.code for rule, _ in FIXED}) >= 60


def test_what_a_directive_separates_is_left_alone() -> None:
    text = whole('exit;\n#!ifdef A\nxlog("L_INFO", "a\\n");\n#!endif\nxlog("L_INFO", "b\\n");')
    mended = mend(lambda texts: lint("x.cfg", texts.get("x.cfg", text), Request()), "x.cfg", text, unsafe=True)
    assert "#!ifdef A" in mended.texts.get("x.cfg", text)
