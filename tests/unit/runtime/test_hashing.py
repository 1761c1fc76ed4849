"""Hashes against recorded ones: slots of htable, `{s.corehash}` and xavp ids of Kamailio 5.6.3 on x86_64."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroute.runtime import hashing

WORD = 0xFFFFFFFF
CASE_HASHES = json.loads((Path(__file__).parent / "data" / "case_hashes.json").read_text(encoding="utf-8"))

# What {s.corehash} printed, and the ids that pv_xavp_print() and pv_xavi_print() showed.
CORE_HASHES = {
    "": 0,
    "abc": 7167810,
    "ABC": 4814211,
    "\xe9": 3760390612,
    "Key\xe9\xc9aB1": 307896369,
    "alicewonderland": 1081907455,
    "AliceWonderland": 479919704,
    "avp4": 1835652328,
    "longername": 3420381073,
    "Abc": 4807074,
}


@pytest.mark.parametrize("vector", CASE_HASHES, ids=lambda vector: ascii(vector["key"]))
def test_recorded_slots(vector: dict[str, object]) -> None:
    key = str(vector["key"]).encode().decode("latin-1")
    assert hashing.core_case_hash(key) == vector["hash"]
    slots = vector["slots"]
    assert isinstance(slots, dict)
    assert {count: hashing.slot(key, int(count)) for count in slots} == slots


@pytest.mark.parametrize(("text", "expected"), CORE_HASHES.items())
def test_recorded_core_hashes(text: str, expected: int) -> None:
    assert hashing.core_hash(text) == expected


def test_corehash_with_a_size_is_a_slot_of_the_same_hash() -> None:
    assert hashing.core_hash("AliceWonderland") & 255 == 88
    assert hashing.core_case_hash("Abc") == 7167810


def plainly(data: bytes) -> int:
    """The hash byte by byte, as the reference words it."""
    total = 0
    for start in range(0, len(data), 4):
        word = 0
        for byte in data[start : start + 4]:
            word = (word * 256 + byte - (256 if byte > 127 else 0)) & WORD
        total = (total + (word ^ (word >> 3))) & WORD
    return (total + (total >> 11) + (total >> 13) + (total >> 23)) & WORD


@given(st.binary(max_size=700))
def test_every_length_and_byte(data: bytes) -> None:
    assert hashing.core_hash(data.decode("latin-1")) == plainly(data)


@given(st.text(st.characters(max_codepoint=127), min_size=200, max_size=900))
def test_long_plain_texts(text: str) -> None:
    assert hashing.core_hash(text) == plainly(text.encode())
