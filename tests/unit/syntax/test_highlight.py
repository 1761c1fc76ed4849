"""Colours follow the tables of words, and every character gets one."""

import pytest
from pygments.token import Comment, Error, Keyword, Name, Operator, String

from sroute.syntax.highlight import KamailioLexer
from tests.live.constructs import KINDS, constructs

LINE = 'if (is_method("A$rU\\n") and uri != myself) { sethost("x"); route(X); } # note\n'


def test_kinds() -> None:
    found = {text: kind for kind, text in KamailioLexer().get_tokens(LINE)}
    assert found["if"] is Keyword
    assert found["is_method"] is Name.Function
    assert found["$rU"] is String.Interpol
    assert found["\\n"] is String.Escape
    assert found["and"] is Operator.Word
    assert found["uri"] is Name.Builtin.Pseudo
    assert found["sethost"] is Name.Builtin
    assert found["route"] is Keyword.Declaration
    assert found["# note"] is Comment.Single


def test_nested_comment_and_directive() -> None:
    found = [(kind, text) for kind, text in KamailioLexer().get_tokens("/* a /* b */ c */ debug=1\n#!ifdef A\n") if text.strip()]
    assert "".join(text for kind, text in found if kind is Comment.Multiline) == "/* a /* b */ c */"
    assert (Name.Attribute, "debug") in found
    assert (Comment.Preproc, "#!ifdef A") in found


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost(kind: str) -> None:
    lexer = KamailioLexer(ensurenl=False, stripnl=False)
    for construct in constructs(kind):
        tokens = list(lexer.get_tokens(construct.text))
        assert "".join(text for _, text in tokens) == construct.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        assert all(kind is not Error for kind, _ in tokens)
