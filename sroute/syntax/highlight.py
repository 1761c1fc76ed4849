"""Colours for routing scripts: a Pygments lexer on the tables of the language's words."""

from collections.abc import Iterator
from re import Match

from pygments.lexer import RegexLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace, _TokenType

from sroute.syntax.words import terminals

_CONTROL = ("IF", "ELSE", "WHILE", "SWITCH", "CASE", "DEFAULT", "LEAVE", "BREAK")
_BLOCKS = ("ROUTE", "REQUEST_ROUTE", "REPLY_ROUTE", "NAMED_ROUTE", "EVENT_ROUTE")
_DECLARATIONS = ("LISTEN", "ALIAS", "LOADMODULE", "LOADPATH", "MODPARAM", "CFGENGINE", "FLAGS", "AVPFLAGS", "KEMI", "SOCKET", "COREPARAM")
_WORD_OPERATORS = ("LOR", "LAND", "NOT", "MOD", "EQ", "IEQ", "DEFINED", "STRING_TEST", "SELVAL")
_OPERANDS = ("METHOD", "URI_OPERAND", "IP_OPERAND", "INT_OPERAND", "PROTO_OPERAND", "MYSELF", "URI_HOST", "URI_PORT")
_TYPES: dict[str, _TokenType] = {
    **dict.fromkeys(_CONTROL, Keyword),
    **dict.fromkeys(_BLOCKS, Keyword.Declaration),
    **dict.fromkeys(_DECLARATIONS, Keyword.Namespace),
    **dict.fromkeys(_WORD_OPERATORS, Operator.Word),
    **dict.fromkeys(_OPERANDS, Name.Builtin.Pseudo),
    **dict.fromkeys(("PROTO", "WS_PROTO", "TLS_WORD", "ADVERTISE", "NAME", "VIRTUAL", "DESC", "BIND", "AGNAME", "VRF"), Keyword.Type),
    "NUMBER": Keyword.Constant,
    "PARAMETER": Name.Attribute,
    "KEMI_CALLBACK": Name.Attribute,
}
_WORDS = terminals(True)
_NESTED = r"(?:[^()\n]|\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\))*"
_VARIABLE = rf"\$\({_NESTED}\)|\$[A-Za-z_?][A-Za-z0-9_?]*(?:\({_NESTED}\))?"
Found = tuple[int, _TokenType, str]


def _word(lexer: RegexLexer, match: Match[str]) -> Iterator[Found]:
    """A name, by the table; one that is not there and is called is a module's function."""
    name = match[1]
    terminal = _WORDS.get(name)
    if terminal is None:
        kind = Name.Function if match[2].endswith("(") else Name
    else:
        kind = _TYPES.get(terminal, Name.Builtin)
    yield match.start(1), kind, name
    blanks = match[2].rstrip("(")
    if blanks:
        yield match.start(2), Whitespace, blanks
    if match[2].endswith("("):
        yield match.end() - 1, Punctuation, "("


class KamailioLexer(RegexLexer):
    """Routing scripts of Kamailio."""

    name = "Kamailio"
    aliases = ("kamailio", "sroute")
    filenames = ("kamailio.cfg", "kamailio*.cfg")
    tokens = {  # noqa: RUF012 (Pygments reads it so)
        "root": [
            (r"\s+", Whitespace),
            (r"(?:#!|!!)(?:[A-Za-z_]+)(?:[^\\\n]|\\\n|\\)*", Comment.Preproc),
            (r"(?:#|//)[^\n]*", Comment.Single),
            (r"/\*", Comment.Multiline, "comment"),
            (r"(?:include|import)_file\b", Comment.Preproc),
            (r'"', String.Double, "double"),
            (r"'", String.Single, "single"),
            (_VARIABLE, Name.Variable),
            (r"@[A-Za-z_][A-Za-z0-9_.]*", Name.Variable.Global),
            (r"0x[0-9A-Fa-f]+|[0-9]+b?\b", Number),
            (r"((?:msg:len|uri:host|uri:port)\b|[A-Za-z_][A-Za-z0-9_]*)([ \t]*\(|)", _word),
            (r"==|!=|=~|<=|>=|<<|>>|&&|\|\||[-+*/<>=!~&|^%]", Operator),
            (r"[(){}\[\],.;:]", Punctuation),
            (r".", Name),
        ],
        "comment": [
            (r"/\*", Comment.Multiline, "#push"),
            (r"\*/", Comment.Multiline, "#pop"),
            (r"[^*/]+|[*/]", Comment.Multiline),
        ],
        "double": [
            (r'"', String.Double, "#pop"),
            (r'\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{2,3}|[nrat"\\\n])', String.Escape),
            (_VARIABLE, String.Interpol),
            (r'[^"\\$]+|[\\$]', String.Double),
        ],
        "single": [
            (r"'", String.Single, "#pop"),
            (_VARIABLE, String.Interpol),
            (r"[^'$]+|\$", String.Single),
        ],
    }
