"""The recorded verdicts on syntax against the real parser, anew; and its verdict on mutated constructs against ours."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sroute.syntax.parser import parse
from tests.live.constructs import ENVIRONMENT, KINDS, Construct, constructs, real
from tests.live.verdicts import available, record

pytestmark = [pytest.mark.live, pytest.mark.skipif(not available(), reason="no kamailio or no unshare here")]


@pytest.mark.parametrize("kind", KINDS)
def test_constructs(kind: str) -> None:
    asked = list(constructs(kind))
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(real, asked))
    wrong = [(found.line, verdict.errors) for found, verdict in zip(asked, verdicts, strict=True) if verdict.ok != found.accepted]
    assert not wrong


def test_examples() -> None:
    recorded = json.loads((Path(__file__).parent / "data" / "examples.json").read_text())
    assert record() == recorded


PIECES = (
    *("if", "else", "exit", "route", "(", ")", "{", "}", "[", "]", ";", ",", "=", "==", "!", "&&", "+", "-", "*", "/", ".", ":", "@", "%"),
    *("$var(x)", "$ru", '"a"', "'b'", "1", "10.0.0.1", "::1", "uri", "myself", "src_ip", "method", "proto", "debug", "A", "log", "flags"),
)


def mutated(count: int, seed: int) -> list[Construct]:
    """Constructs with a word taken out, put in or changed."""
    chosen = random.Random(seed)
    known = [found for kind in KINDS[:2] for found in constructs(kind) if "_file" not in found.line and "cfgengine" not in found.line]
    made = []
    for _ in range(count):
        construct = chosen.choice(known)
        words = construct.line.split(" ")
        at = chosen.randrange(len(words))
        words[at : at + chosen.randint(0, 1)] = chosen.choice([[], [chosen.choice(PIECES)], chosen.choice(known).line.split(" ")[:2]])
        made.append(Construct(construct.kind, " ".join(words), True))
    return made


def test_mutations() -> None:
    asked = mutated(600, seed=5)
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(real, asked))
    wrong = []
    for found, verdict in zip(asked, verdicts, strict=True):
        parsed = parse("test.cfg", found.text.encode("utf-8").decode("latin-1"), env=ENVIRONMENT)
        if parsed.ok != verdict.ok and not verdict.others:
            wrong.append((found.line, verdict.errors, parsed.diagnostics))
    assert not wrong
