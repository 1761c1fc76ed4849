"""The tour of the REPL prints what it says."""

from sroute.repl import inputs
from tests.repl.tour import FILE, play, steps

STEPS = steps(FILE.read_text(encoding="utf-8"))


def test_tour_is_a_tour() -> None:
    given = [text for text, _ in STEPS]
    assert len(given) >= 20
    assert given[0].startswith("$var(")
    assert any(text.startswith(".undo") for text in given)


def test_tour_prints_what_it_says() -> None:
    said = play([text for text, _ in STEPS])
    for (text, expected), printed in zip(STEPS, said, strict=True):
        assert printed == expected, f"after {text!r}"


def test_tour_can_be_piped() -> None:
    typed = [text for text, _ in STEPS]
    lines = [f"{line}\n" for text in typed for line in text.split("\n")]
    assert [text.rstrip() for text in inputs.split(lines)] == [text.rstrip() for text in typed]
