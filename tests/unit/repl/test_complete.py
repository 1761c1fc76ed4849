"""Completion and signatures, as data."""

import os
from pathlib import Path

import pytest

from sroute.assist.complete import Completion
from sroute.assist.hover import hover, name_at
from sroute.assist.signature import signatures
from sroute.assist.symbols import calls, symbols
from sroute.repl.host import Host
from sroute.syntax.parser import parse
from tests.unit.repl.conftest import Desk


@pytest.fixture
def host(desk: Desk) -> Host:
    desk.all(
        'modparam("htable", "htable", "calls=>size=4")',
        "$sht(calls=>alice) = 3;",
        "$sht(calls=>bob) = 4;",
        "route[COUNT] { exit; }",
        "failure_route[FAIL] { exit; }",
        "$var(zed) = 1;",
        "$avp(spin) = 1;",
    )
    return Host(desk.evaluator)


def found(host: Host, text: str) -> list[Completion]:
    return host.complete(text, len(text))


def texts(host: Host, text: str) -> list[str]:
    return [one.text for one in found(host, text)]


def test_variables_with_their_doc_line(host: Host) -> None:
    ru = next(one for one in found(host, "$r") if one.text == "ru")
    assert ru.start == 1
    assert ru.doc
    assert "sht(" in texts(host, "xlog($sh")


def test_variables_within_a_string(host: Host) -> None:
    assert "rU" in texts(host, 'xlog("user $r')
    assert texts(host, 'xlog("user ') == []


def test_tables_and_their_keys(host: Host) -> None:
    assert texts(host, "$sht(") == ["calls=>"]
    assert sorted(texts(host, "if ($sht(calls=>")) == ["alice", "bob"]
    assert [(one.text, one.doc) for one in found(host, "$sht(calls=>a")] == [("alice", "3")]


def test_names_in_variables(host: Host) -> None:
    assert texts(host, "$var(") == ["zed"]
    assert texts(host, "$avp(sp") == ["spin"]
    assert "Call-ID" in texts(host, "$hdr(C")


def test_transformations(host: Host) -> None:
    assert texts(host, "$(ru{uri.us")[0] == "uri.user"
    assert "s.len" in texts(host, "$(var(x){s.")


def test_functions_where_they_may_stand(host: Host) -> None:
    assert texts(host, "sl_send_r")[0] == "sl_send_reply("
    assert texts(host, "if (is_meth")[0] == "is_method("
    assert texts(host, "sl_send_r") == texts(host, "route[A] { sl_send_r")
    assert "while" in texts(host, "whi")
    assert "while" not in texts(host, "if (whi")


def test_routes_modules_parameters(host: Host) -> None:
    assert texts(host, "route(") == ["COUNT"]
    assert texts(host, 't_on_failure("') == ["FAIL"]
    assert "htable.so" in texts(host, 'loadmodule "htab')
    assert texts(host, 'modparam("htab') == ["htable"]
    assert "db_url" in texts(host, 'modparam("htable", "db')


def test_dot_commands_and_their_arguments(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(texts(host, ".re")) == {".reply", ".reload"}
    assert texts(host, ".dump ") == ["calls"]
    assert "htable.dump" in texts(host, ".rpc htable.d")
    assert "COUNT" in texts(host, ".break C")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "invite.sip").touch()
    (tmp_path / "messages").mkdir()
    assert texts(host, ".send ") == ["invite.sip", f"messages{os.sep}"]
    assert texts(host, ".send in") == ["invite.sip"]


def test_variables_in_the_text_of_print(host: Host) -> None:
    text = '.print "number $(var(zed){s.le'
    assert [(one.text, text[one.start :]) for one in found(host, text)] == [("s.len", "s.le")]
    assert texts(host, '.print "number $var(') == ["zed"]
    assert texts(host, ".print xlo") == []


def test_every_completion_replaces_what_was_typed(host: Host) -> None:
    for text in ("$r", "$sht(ca", "$(ru{s.l", "route(CO", "sl_se", ".dum", 'modparam("ht'):
        for one in found(host, text):
            typed = text[one.start :].lower()
            assert typed in one.text.lower(), (text, one)


def test_signature_knows_the_parameter(host: Host) -> None:
    assert host.toolbar('sl_send_reply("404", ', 21) == ("sl_send_reply(code, ", "reason", ")", host.toolbar("sl_send_reply(", 14)[3])  # type: ignore[index]
    names = host.evaluator.session.program.names
    text = 'if (is_method("A, B") && sl_send_reply("1", '
    assert [one.active for one in signatures(text, len(text), names)][:1] == [1]
    assert signatures('xlog("done");', 13, names) == []
    assert host.toolbar(".send ", 6) is not None


def test_hover(host: Host) -> None:
    names = host.evaluator.session.program.names
    text = "if ($(ru{s.len}) > 3) t_relay();"
    assert [name_at(text, at) for at in (6, 11, 25)] == ["$ru", "{s.len}", "t_relay"]
    assert hover(text, 25, names)[0].module == "tm"
    assert hover(text, 19, names) == []


def test_symbols() -> None:
    script = parse("x.cfg", "request_route { route(A); }\nroute[A] { exit; }\nfailure_route[F] { route(A); }\n").script
    assert [one.title for one in symbols(script)] == ["request_route", "route[A]", "failure_route[F]"]
    assert [span.line for span in calls(script, "A")] == [1, 3]
