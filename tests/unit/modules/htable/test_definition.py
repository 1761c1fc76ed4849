"""Definitions of tables against recorded ones: what Kamailio 5.6.3 takes, refuses and makes of them."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroute.dialect import DEFAULT, DIALECTS
from sroute.exports.fixups import FixupError
from sroute.modules.htable.definition import Definition, define
from sroute.runtime.values import wrap32

RECORDED = json.loads((Path(__file__).parents[3] / "data" / "htable" / "definitions.json").read_text(encoding="utf-8"))


def bytewise(text: str) -> str:
    return text.encode().decode("latin-1")


@pytest.mark.parametrize("recorded", [r for r in RECORDED if r["starts"]], ids=lambda r: r["definition"])
def test_taken(recorded: dict[str, Any]) -> None:
    made = define(bytewise(recorded["definition"]), DEFAULT)
    assert {
        "dbtable": made.dbtable,
        "dbmode": wrap32(made.dbmode),
        "expire": wrap32(made.autoexpire),
        "updateexpire": wrap32(made.updateexpire),
        "size": made.slots,
        "dmqreplicate": wrap32(made.dmqreplicate),
    } == {**recorded["table"], "dbtable": bytewise(recorded["table"]["dbtable"])}
    assert made.initval == recorded["missing"]


@pytest.mark.parametrize("recorded", [r for r in RECORDED if not r["starts"]], ids=lambda r: r["definition"])
def test_refused(recorded: dict[str, Any]) -> None:
    with pytest.raises(FixupError) as refused:
        define(bytewise(recorded["definition"]), DEFAULT)
    message = refused.value.message
    # The core says twice why it can't read a value; once is enough.
    reasons = [text for text in recorded["errors"] if text != "Error while parsing param body"]
    assert [text for text in reasons if bytewise(text) not in message] == []


def test_name_ends_at_white_space_and_arrow() -> None:
    assert define(" \ta.b-c =>size=4", DEFAULT).name == "a.b-c"
    assert define("=>size=4", DEFAULT).name == ""


def test_columns_keep_their_spaces() -> None:
    assert define("a=>dbtable=t;cols=' k, v'", DEFAULT).columns == (" k", " v")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=>initval=99999999999", Definition("a", initval=99999999999)),
        ("a=>coldelim=';';colnull=''", Definition("a", coldelim=";", colnull="")),
        ("a=>reloadat=30", Definition("a", reloadat=30)),
    ],
)
def test_newer_attributes(text: str, expected: Definition) -> None:
    assert define(text, DIALECTS["dev"]) == expected
    with pytest.raises(FixupError, match="invalid htable parameter"):
        define(text, DEFAULT)


def test_newer_refusals() -> None:
    with pytest.raises(FixupError, match="empty params value"):
        define("a=>", DIALECTS["dev"])
    with pytest.raises(FixupError, match="invalid htable parameter"):
        define("a=>coldelim='::'", DIALECTS["dev"])


@given(st.text(st.characters(max_codepoint=255), max_size=60), st.sampled_from(["", "a=>", "a=>size="]))
def test_any_text_is_taken_or_refused(text: str, begin: str) -> None:
    with suppress(FixupError):
        assert define(begin + text, DEFAULT).slots >= 4
