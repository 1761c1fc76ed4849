"""The promise of the severities: what a real Kamailio refuses has an error here, what it starts with has none; lint and run agree."""

import pytest

from tests.live.mistakes import DATA, Mistake, again, installed, linted, mistakes, starts
from tests.live.namespace import missing

FILES = sorted(path.stem for path in DATA.glob("*.txt"))


def recorded(name: str) -> list[tuple[str, Mistake]]:
    return [(f"{name}.txt:{number + 1}", mistake) for number, mistake in mistakes(DATA / f"{name}.txt")]


def test_there_are_many() -> None:
    verdicts = [mistake.verdict for name in FILES for _, mistake in recorded(name)]
    assert len(verdicts) > 1000
    assert set(verdicts) == {"+", "C", "S"}


@pytest.mark.parametrize("name", FILES)
def test_lint_and_run_say_what_was_recorded(name: str) -> None:
    wrong = []
    for place, mistake in recorded(name):
        codes, runs = linted(mistake), starts(mistake)
        if bool(codes) != mistake.refused or runs == mistake.refused:
            wrong.append(f"{place}: {mistake.verdict} {mistake.line}: lint {codes or 'nothing'}, run {'starts' if runs else 'refuses'}")
    assert wrong == []


@pytest.mark.live
@pytest.mark.parametrize("name", FILES)
def test_the_real_kamailio_still_says_so(name: str) -> None:
    if reason := missing():
        pytest.skip(reason)
    asked = [(place, mistake) for place, mistake in recorded(name) if installed(mistake)]
    verdicts = again([mistake for _, mistake in asked])
    wrong = [
        f"{place}: {verdict}, recorded {m.verdict}: {m.line}"
        for (place, m), verdict in zip(asked, verdicts, strict=True)
        if verdict != m.verdict
    ]
    assert wrong == []
