from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sroute.testing.expectations import parse
from sroute.testing.rewrite import with_diags, with_log, with_log_placed, with_refused, with_rpc

SCRIPT = 'request_route {\n    xlog("a");\n    $var(x) = 1;\n    xlog("bb");\n}\n'


def test_placed_beside_lines() -> None:
    assert with_log(SCRIPT, [("a", 2), ("bb", 4)]) == (
        'request_route {\n    xlog("a");   # expect: a\n    $var(x) = 1;\n    xlog("bb");  # expect: bb\n}\n'
    )


def test_what_goes_up_again_stands_at_the_end() -> None:
    assert with_log(SCRIPT, [("a", 2), ("a", 2), ("bb", 4)]) == (
        'request_route {\n    xlog("a");  # expect: a\n    $var(x) = 1;\n    xlog("bb");\n}\n# expect: a\n# expect: bb\n'
    )


def test_comments_that_fit_are_filled_in() -> None:
    script = 'xlog("a"); # expect:\n# more   # expect: c\n#   expect: x\r\n# nothing\n'
    assert with_log(script, [("1", 1), ("2", 1)]) == 'xlog("a"); # expect: 1\n# more   # expect: c\n# expect: 2\r\n# nothing\n'


def test_old_comments_go() -> None:
    script = '# expect: x\nxlog("a"); # expect: 1\n# keep\nxlog("b");\n# expect: 2\n'
    assert with_log_placed(script, [("new", 2), ("b", 4)]) == 'xlog("a");  # expect: new\n# keep\nxlog("b");  # expect: b\n'


def test_a_place_that_takes_no_comment() -> None:
    script = 'xlog("a\nb");\n'
    assert with_log(script, [("a\nb", 1)]) == 'xlog("a\nb");\n# expect: a\\nb\n'


def test_no_line_end() -> None:
    assert with_log("x", [("1", 0)]) == "x\n# expect: 1\n"


def test_rpc() -> None:
    script = "# rpc: a\n# expect rpc: old\n# rpc: b\n# rpc: c\n"
    assert with_rpc(script, ["1\n\t2\n", "", "3"]) == "# rpc: a\n# expect rpc: 1\n# expect rpc: \\t2\n# rpc: b\n# rpc: c\n# expect rpc: 3\n"


def test_refused() -> None:
    assert with_refused("x\n", "why") == "x\n# expect refused: why\n"
    assert with_refused("# expect refused\nx\n", "why") == "# expect refused: why\nx\n"
    assert with_refused("# expect refused: old\nx\n", "") == "# expect refused:\nx\n"


def test_diags() -> None:
    assert with_diags("x # expect diag: a\n", ["b"]) == "x # expect diag: b\n"
    assert with_diags("x # expect diag: a\n", ["b", "c"]) == "x\n# expect diag: b\n# expect diag: c\n"


@given(st.lists(st.tuples(st.text(st.characters(max_codepoint=255), max_size=9), st.integers(0, 5)), max_size=8))
def test_reads_back(said: list[tuple[str, int]]) -> None:
    for script in (SCRIPT, "# expect: a\n" + SCRIPT, 'xlog("\n\n\n# expect: x\n");'):
        written = with_log(script, said)
        assert [expected.text for expected in parse(Path("a"), written).log] == [text for text, _ in said]
