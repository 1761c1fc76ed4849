"""Defines, conditionals, substitutions and includes; results of the same scripts on 5.6.3 where a value is shown."""

from pathlib import Path

import pytest

from sroute.syntax import nodes
from sroute.syntax.parser import Parsed, parse
from sroute.syntax.reader import read_file, texts
from sroute.syntax.scanner import scan
from sroute.syntax.walk import nodes_of
from tests.unit.syntax.reading import findings


def strings(parsed: Parsed) -> list[int | str]:
    return [node.value for node in nodes_of(parsed.script) if isinstance(node, nodes.Literal)]


def read(head: str, body: str, **files: str) -> Parsed:
    reader = texts({f"{name}.cfg": text for name, text in files.items()})
    return parse("main.cfg", f"#!KAMAILIO\n{head}\nrequest_route {{\n{body}\n}}\n", reader=reader, env={"HOME": "/root"})


SUBSTITUTED = [
    ('#!subst "/AAA/BBB/"\n#!subst "/BBB/CCC/g"', '"AAA AAA"', "CCC AAA"),
    ('#!subst "/D(E)F/[\\1\\0\\2]/g"', '"DEF DEF"', "[EDEF] [EDEF]"),
    ('#!subst "/G/a\\nb\\tc\\qd\\/e\\\\f/g"', '"G"', "a\nb\tcqd/ef"),
    ('#!subst "|H|a/b|g"', '"H"', "a/b"),
    ('#!define K "kk"\n#!subst "/J/$env(HOME)-$def(K)/g"', '"J"', '/root-"kk"'),
    ('#!substdef "!L!$env(HOME)!g"', '"L"', "/root"),
    ('#!substdefs "!N!nn!g"', "N", "nn"),
    ('#!substdef "!M!10!g"', "M", 10),
    ('#!subst "/p/P2/i"', '"P p"', "P2 p"),
    ('#!subst "/S1*/T/g"', '"S11S xSx"', "TT xTx"),
    ('#!subst "/^U/V/s"', '"a\nU"', "a\nU"),
    ('#!subst "/^U/V/"', '"a\nU"', "a\nV"),
    ('#!subst "/x*$/Z/"', '"abc"', "abc"),
    ('#!subst "/AAA/B/"', '"AA" "A"', "B"),
    ('#!subst "/AAA/B/"', "'AAA'", "B"),
]


@pytest.mark.parametrize(("head", "literal", "expected"), SUBSTITUTED)
def test_substitution(head: str, literal: str, expected: int | str) -> None:
    parsed = read(head, f"$var(x) = {literal};")
    assert parsed.ok, findings(parsed)
    assert strings(parsed) == [expected]


def test_substitution_takes_the_match_that_glibc_takes() -> None:
    assert strings(read('#!subst "/(a|ab)(c|bcd)(d*)/[\\1,\\2,\\3]/"', '$var(x) = "abcd";')) == ["[a,bcd,]"]


def test_substitution_reaches_variables_and_file_names() -> None:
    parsed = read('#!substdef "!NAME!part!g"', '$var(NAME) = 1;\ninclude_file "NAME.cfg"', part="exit;\n")
    assert parsed.ok, findings(parsed)
    (assign, leave) = parsed.script.items[-1].body.statements  # type: ignore[union-attr]
    assert isinstance(assign, nodes.Assign)
    assert assign.target.spec.inner == "part"
    assert isinstance(leave, nodes.Leave)
    assert leave.span.source.name == "part.cfg"


DEFINED = [
    ("#!define A 5", "A", 5),
    ("#!define A B\n#!define B 7", "A", 7),
    ("#!define A 5 + \\\n6", "A", "binary"),
    ("#!define A", "A 5", 5),
    ("#!define A 1\n#!redef A 2\n#!trydef A 3", "A", 2),
    ('#!define A "b"', 'A "x"', "bx"),
    ("#!define 1A 5", "A", 5),
    ("#!defenvs A=HOME", "A", "/root"),
    ("#!defenvs HOME", "HOME", "/root"),
    ("#!define A 0x", "A", None),
    ("#!define A 'q'", "A", "q"),
    ("#!define A 8", "A\n", 8),
]


@pytest.mark.parametrize(("head", "value", "expected"), DEFINED)
def test_define(head: str, value: str, expected: int | str | None) -> None:
    parsed = read(head, f"$var(x) = {value};")
    if expected is None:
        assert not parsed.ok
    elif expected == "binary":
        assert strings(parsed) == [5, 6]
    else:
        assert strings(parsed) == [expected]


def test_define_is_glued_to_what_follows() -> None:
    parsed = read("#!define A =\n#!define V $va", "if (1 A= 1) V r(x) = 1;")
    assert not parsed.ok  # `$va r(x)`: the blank in the source stays between
    parsed = read("#!define A =\n#!define V $var", "if (1 A= 1) V(x) = 1;")
    assert parsed.ok, findings(parsed)


def test_define_does_not_reach_strings_variables_and_selects() -> None:
    parsed = read("#!define len 5", '$var(len) = "len" + @msg.len;')
    assert strings(parsed) == ["len"]
    assert [node.parts for node in nodes_of(parsed.script) if isinstance(node, nodes.Select)] == [(("msg", None), ("len", None))]


def test_define_may_hold_statements_and_comments() -> None:
    parsed = read("#!define A exit; drop;", "A return;")
    assert [statement.how for statement in parsed.script.items[-1].body.statements] == ["exit", "drop", "return"]  # type: ignore[union-attr]
    assert not read("#!define A 1 # note", "$var(x) = A;").ok
    assert read("#!define A 1 # note", "$var(x) = A;\n;").ok


def test_token_of_a_define_has_the_place_where_the_name_is_used() -> None:
    parsed = read("#!define CODE X\n#!define X foo(1)", "CODE;")
    (statement,) = parsed.script.items[-1].body.statements  # type: ignore[union-attr]
    assert (statement.span.line, statement.span.text()) == (5, "CODE")


def test_cycle_and_explosion_are_errors() -> None:
    assert findings(read("#!define A B\n#!define B A", "$var(x) = A;")) == ["5:11 PP012 the define A is made of itself: A -> B -> A"]
    bombs = "\n".join(f"#!define A{n} A{n + 1} A{n + 1}" for n in range(40))
    assert findings(read(f"{bombs}\n#!define A40 ;", "A0")) == ["44:1 PP012 defines within defines make too much text"]


def test_too_many_defines() -> None:
    found = findings(read("\n".join(f"#!define A{n} 1" for n in range(520)), "exit;"))
    assert found[0].endswith("PP004 more than 512 names are defined")


LINES = [
    ("#!ifdef A\nfoo\n#!else\ndebug=1\n#!endif", []),
    ("#!ifndef A\ndebug=1\n#!else\nfoo\n#!endif", []),
    ('#!ifdef A\n"unclosed /*\n#!endif', []),
    ("#!ifdef A\n#!ifdef B\n#!else\n#!endif\nfoo\n#!endif", []),
    ("#!ifdef A\n# see #!endif\nfoo", ["4:1 SY001 foo means nothing here"]),
    ("#!else", ["2:1 PP002 #!else without #!ifdef"]),
    ("#!endif", ["2:1 PP001 #!endif without #!ifdef"]),
    ("#!ifdef A", ["2:1 PP001 this conditional is never closed"]),
    ("#!ifdef A\n#!endif # note", ["2:1 PP001 this conditional is never closed"]),
    ("debug=1\n#!endif\n#!ifdef A", ["3:1 PP001 #!endif without #!ifdef"]),
    ("#!else # note", ["2:1 PP003 this #!else is a comment: there is text behind it"]),
    ("#!defin A", ["2:1 PP003 #!defin is no directive, so the line is a comment"]),
    ("#!ifexp 1", ["2:1 PP019 #!ifexp is a comment for Kamailio 5.6.3"]),
    ("#!define A-B 1", ["2:1 PP018 a name can't have a '-': A-..."]),
    ("#!define A 1\n#!define A 2", ["3:1 PP004 A is already defined"]),
    ('#!subst "NOPE"', ["2:9 PP016 bad rule for #!subst: a N is missing: NnameNvalueNg"]),
    ('#!subst "/(/b/"', ["2:9 PP016 bad rule for #!subst: bad regular expression: ( without )"]),
    ("#!defenv NOPE_X", ["2:1 PP013 the environment has no variable NOPE_X"]),
    ("#!trydefenv NOPE_X", []),
    ('include_file "nope.cfg"', ["2:1 PP006 no file nope.cfg"]),
    ('include_file "nope.cfg";', ['2:1 PP006 the file name must stand between quotes: "nope.cfg";']),
    ("include_file 'nope.cfg'", ["2:1 PP006 the file name must stand between quotes: 'nope.cfg'"]),
    ('import_file "nope.cfg"', []),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_line(line: str, expected: list[str]) -> None:
    parsed = parse("main.cfg", f"#!KAMAILIO\n{line}\nrequest_route {{ exit; }}\n", reader=texts({}))
    assert findings(parsed) == expected


def test_mistyped_directive_names_the_nearest() -> None:
    (found,) = parse("main.cfg", "#!ifdf A\nrequest_route { exit; }\n").diagnostics
    assert (found.severity, found.hint) == ("warning", "did you mean ifdef?")


def test_include_loop_and_depth() -> None:
    found = findings(parse("a.cfg", 'include_file "a.cfg"\n', reader=texts({"a.cfg": 'include_file "a.cfg"\n'})))
    assert found[0] == "1:1 PP006 files include each other more than 10 deep"


def test_include_beside_the_including_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "main.cfg").write_text('include_file "sub/a.cfg"\n')
    (tmp_path / "sub" / "a.cfg").write_text('import_file "b.cfg"\n')
    (tmp_path / "sub" / "b.cfg").write_text("debug=1\nrequest_route { exit }\n")
    path = tmp_path / "main.cfg"
    parsed = parse(str(path), path.read_text())
    (found,) = [found for found in parsed.diagnostics if found.severity == "error"]
    assert found.span is not None
    assert (found.span.source.name, found.span.line) == (str(tmp_path / "sub" / "b.cfg"), 2)
    assert [source.name.rsplit("/", 1)[1] for source in parsed.script.sources] == ["main.cfg", "a.cfg", "b.cfg"]


def test_comment_left_open_in_an_included_file_goes_on_behind_it() -> None:
    parsed = parse("a.cfg", 'include_file "b.cfg"\nfoo */ debug=1\n', reader=texts({"b.cfg": "children=4 /*"}))
    assert parsed.ok, findings(parsed)
    assert [item.name for item in parsed.script.items] == ["children", "debug"]  # type: ignore[union-attr]


def test_comment_left_open_at_the_end_is_a_warning() -> None:
    parsed = parse("a.cfg", "request_route { exit; }\n/* a /* b */\nnonsense")
    assert parsed.ok
    assert findings(parsed) == ["2:1 SY004 this comment is never closed: the rest of the file is gone"]


def test_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 100)
    for name in (str(tmp_path), "/dev/zero"):
        with pytest.raises(OSError, match=r"folder|regular|directory"):
            read_file(name)
    with pytest.raises(OSError, match="more than 10"):
        read_file(str(tmp_path / "big"), 10)
    assert findings(parse("a.cfg", f'include_file "{tmp_path}"\nrequest_route {{ exit; }}'))[0].startswith("1:1 PP006 can't read the file")


def test_config_types() -> None:
    assert scan("a", "debug=1").mode == "MAXCOMPAT"
    assert scan("a", "#!KAMAILIO\n").mode == "KAMAILIO"
    assert scan("a", "debug=1 //!OPENSER\n").mode == "KAMAILIO"
    assert not scan("a", "#!KAMAILIO \n").marked
    assert scan("a", "#!SER\n").mode == "SER"
    assert scan("a", "#!ALL\n").mode == "MAXCOMPAT"


def test_crlf_and_byte_order_mark() -> None:
    parsed = parse("a.cfg", '\xef\xbb\xbf#!define A "v"\r\n#!ifdef A\r\nlog_name=A\r\n#!endif\r\nrequest_route { exit; }\r\n')
    assert not parsed.diagnostics
    assert strings(parsed) == ["v"]


def test_dropped_characters_are_said() -> None:
    assert findings(parse("a.cfg", "debug=1 \xc2\xa0 ???\n")) == [
        "1:9 SY027 U+00A0 means nothing here and is dropped",
        "1:12 SY027 ??? means nothing here and is dropped",
    ]


def test_defines_of_the_command_line() -> None:
    parsed = parse("a.cfg", "#!ifdef A\ndebug=B\n#!endif\n", defines={"A": None, "B": "3"})
    assert strings(parsed) == [3]
    assert parsed.script.defines["B"] == "3"
