"""Pseudo-variables and format strings."""

import pytest

from sroute.syntax.pvparse import PvError, parse_format, parse_pv
from sroute.syntax.pvspec import Format, PvSpec, Transformation

CHAIN = (Transformation("s", "substr", "1,2"), Transformation("s", "toupper", None))
FORMS = [
    ("$ru", PvSpec("$ru", "ru")),
    ("$var(x)", PvSpec("$var(x)", "var", "x")),
    ("$var( x )", PvSpec("$var( x )", "var", " x ")),
    ("$sht(a=>x$(var(y){s.len})z)", PvSpec("$sht(a=>x$(var(y){s.len})z)", "sht", "a=>x$(var(y){s.len})z")),
    ("$(ru)", PvSpec("$(ru)", "ru")),
    ("$(avp(x)[0])", PvSpec("$(avp(x)[0])", "avp", "x", 0)),
    ("$(avp(x)[-1])", PvSpec("$(avp(x)[-1])", "avp", "x", -1)),
    ("$(avp(x)[*])", PvSpec("$(avp(x)[*])", "avp", "x", "*")),
    ("$(avp(x)[+])", PvSpec("$(avp(x)[+])", "avp", "x", 0)),
    ("$(avp(x)[$var(i)])", PvSpec("$(avp(x)[$var(i)])", "avp", "x", PvSpec("$var(i)", "var", "i"))),
    ("$(rU{s.len})", PvSpec("$(rU{s.len})", "rU", None, None, (Transformation("s", "len", None),))),
    ("$(rU{s.substr,1,2} {s.toupper})", PvSpec("$(rU{s.substr,1,2} {s.toupper})", "rU", None, None, CHAIN)),
    ("$(rU{s.select,1,}})", PvSpec("$(rU{s.select,1,}})", "rU", None, None, (Transformation("s", "select", "1,}"),))),
    (
        "$(rU{re.subst,/a{2}(b)/\\1/})",
        PvSpec("$(rU{re.subst,/a{2}(b)/\\1/})", "rU", None, None, (Transformation("re", "subst", "/a{2}(b)/\\1/"),)),
    ),
    ("$(tu{kz.json.count,x})", PvSpec("$(tu{kz.json.count,x})", "tu", None, None, (Transformation("kz", "json.count", "x"),))),
    ("$(ruri.user)", PvSpec("$(ruri.user)", "ruri.user")),
    ("$?", PvSpec("$?", "?")),
    ("$($)", PvSpec("$($)", "$")),
]
BAD = (
    *("$", "$()", "$var()", "$(var(x)", "$(var(x) )", "$( var(x))", "$(avp(x)[])", "$(avp(x)[x])", "$(avp(x)[ 1 ])", "$(avp(x)[1)"),
    *("$(avp(x){s.len}[0])", "$(var(x){s})", "$(var(x){})", "$(var(x){ s.len})", "$(var(x){s.len)", "$(var(x)x)", "$var(x", "x", "$ru x"),
)


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_form(text: str, expected: PvSpec) -> None:
    assert parse_pv(text) == expected


@pytest.mark.parametrize("text", BAD)
def test_bad(text: str) -> None:
    with pytest.raises(PvError):
        parse_pv(text)


def test_error_says_where() -> None:
    with pytest.raises(PvError, match="a transformation is written") as caught:
        parse_pv("$(var(x){s})")
    assert caught.value.offset == 9


def test_format() -> None:
    assert parse_format("call $ci from $(fu{uri.user}): $$5, $rU-x\n") == Format(
        (
            "call ",
            PvSpec("$ci", "ci"),
            " from ",
            PvSpec("$(fu{uri.user})", "fu", None, None, (Transformation("uri", "user", None),)),
            ": $5, ",
            PvSpec("$rU", "rU"),
            "-x\n",
        )
    )


def test_names_in_strings_are_greedy() -> None:
    assert parse_format("$rUx.").parts == (PvSpec("$rUx.", "rUx."),)
    assert parse_format("$avp(a)[0]").parts == (PvSpec("$avp(a)", "avp", "a"), "[0]")
    assert parse_format("$var(x){s.len}").parts == (PvSpec("$var(x)", "var", "x"), "{s.len}")


def test_plain_texts() -> None:
    assert parse_format("").parts == ()
    assert parse_format("abc").parts == ("abc",)
    assert parse_format("$$").parts == ("$",)


@pytest.mark.parametrize("text", ["$", "a $ b", "a$", "${rU}", "$[", "$(rU"])
def test_bad_format(text: str) -> None:
    with pytest.raises(PvError):
        parse_format(text)


def test_deeply_nested_is_no_recursion() -> None:
    deep = "$(a(x)[" * 5000 + "1" + "])" * 5000
    with pytest.raises(PvError, match="nested too deeply"):
        parse_pv(deep)
    assert parse_pv("$var(" + "(" * 5000 + ")" * 5000 + ")").inner == "(" * 5000 + ")" * 5000
