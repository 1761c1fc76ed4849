"""The language server, asked over stdin and stdout as an editor does, and the places of its documents."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from sroute.lsp.documents import Document

SCRIPT = """#!KAMAILIO
listen=udp:127.0.0.1:5060
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "tm.so"
request_route {
    /* \U0001f600 ü */ if ($var(x) = 1) { xlog("L_INFO", "$nope\\n"); }
    t_rel
    route(A);
}
route[A] { exit; }
"""


class Editor:
    """A client of the protocol."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "sroute", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.number = 0
        self.waiting: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self.tell("initialized", {})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.ask("shutdown", None)
        self.tell("exit", None)
        assert self.process.wait(20) == 0

    def tell(self, method: str, params: object, **more: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def ask(self, method: str, params: object) -> Any:
        self.number += 1
        self.tell(method, params, id=self.number)
        answer = self.wait(lambda message: message.get("id") == self.number)
        assert "error" not in answer, answer
        return answer["result"]

    def wait(self, wanted: Any) -> dict[str, Any]:
        while True:
            message = self.read()
            if wanted(message):
                return message
            self.waiting.append(message)

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline().strip()) != b"":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message

    def diagnostics(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics")["params"]["diagnostics"]
        return found


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    with Editor() as made:
        yield made


def opened(editor: Editor, path: Path, text: str) -> dict[str, str]:
    uri = path.as_uri()
    editor.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "kamailio", "version": 1, "text": text}})
    return {"uri": uri}


def at(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def test_findings_come_when_a_document_is_opened_and_changed(editor: Editor, tmp_path: Path) -> None:
    document = opened(editor, tmp_path / "a.cfg", SCRIPT.replace("    t_rel\n", ""))
    found = {row["code"]: row for row in editor.diagnostics()}
    assert found["EX001"]["range"] == {"start": at(6, 19), "end": at(6, 30)}
    assert found["EX001"]["severity"] == 2
    assert found["PV001"]["severity"] == 1
    assert found["PV001"]["source"] == "sroute"
    fixed = SCRIPT.replace("    t_rel\n", "").replace("$var(x) = 1", "$var(x) == 1").replace("$nope", "$rU")
    editor.tell("textDocument/didChange", {"textDocument": {"uri": document["uri"], "version": 2}, "contentChanges": [{"text": fixed}]})
    assert not {"EX001", "PV001"} & {row["code"] for row in editor.diagnostics()}


def test_findings_of_an_include_file_are_not_those_of_the_script(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "part.cfg").write_text("route[B] { if ($var(x) = 1) exit; }\n")
    opened(editor, tmp_path / "b.cfg", '#!KAMAILIO\nloadmodule "pv.so"\nrequest_route { route(B); exit; }\ninclude_file "part.cfg"\n')
    assert "EX001" not in [row["code"] for row in editor.diagnostics()]


def test_what_a_name_means(editor: Editor, tmp_path: Path) -> None:
    document = opened(editor, tmp_path / "c.cfg", SCRIPT)
    editor.diagnostics()
    answer = editor.ask("textDocument/hover", {"textDocument": document, "position": at(6, 36)})
    assert "xlog" in answer["contents"]["value"]
    assert "function of xlog" in answer["contents"]["value"]
    assert editor.ask("textDocument/hover", {"textDocument": document, "position": at(5, 15)}) is None


def test_what_may_follow(editor: Editor, tmp_path: Path) -> None:
    document = opened(editor, tmp_path / "d.cfg", SCRIPT)
    editor.diagnostics()
    items = editor.ask("textDocument/completion", {"textDocument": document, "position": at(7, 9)})
    relay = next(item for item in items if item["label"] == "t_relay(")
    assert relay["textEdit"] == {"range": {"start": at(7, 4), "end": at(7, 9)}, "newText": "t_relay("}
    routes = editor.ask("textDocument/completion", {"textDocument": document, "position": at(8, 10)})
    assert "A" in [item["label"] for item in routes]


def test_the_blocks_of_a_script(editor: Editor, tmp_path: Path) -> None:
    document = opened(editor, tmp_path / "e.cfg", SCRIPT)
    editor.diagnostics()
    found = editor.ask("textDocument/documentSymbol", {"textDocument": document})
    assert [symbol["name"] for symbol in found] == ["request_route", "route[A]"]
    assert found[1]["range"]["start"] == at(10, 0)


def test_a_document_of_any_kind_ends_no_server(editor: Editor, tmp_path: Path) -> None:
    for number, text in enumerate(["", "\ufeff", "}{", "\x00\n", '"', "route[" * 500, "é" * 300 + "\r\n"]):
        document = opened(editor, tmp_path / f"z{number}.cfg", text)
        editor.diagnostics()
        editor.ask("textDocument/completion", {"textDocument": document, "position": at(0, 3)})
        editor.ask("textDocument/hover", {"textDocument": document, "position": at(3, 50)})


def test_places() -> None:
    document = Document("file:///a%20b.cfg", "aé\U0001f600x\nzß")
    assert document.path == "/a b.cfg"
    assert document.offset(0, 4) == len("aé\U0001f600".encode())
    assert document.place(1, 8) == (0, 4)
    assert document.offset(1, 99) == len(document.script)
    assert document.at(len(document.script)) == (1, 2)
    assert Document("untitled:Untitled-1", "").path == "Untitled-1"
