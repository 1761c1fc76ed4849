"""jsonrpcs: RPC commands by JSON-RPC, from the script or by HTTP."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any

from sroute.exports.fixups import FORMAT, Arg, Scope
from sroute.exports.module import InitError, Module
from sroute.exports.rpc import NullText, RpcFault, RpcValue, json_arguments
from sroute.exports.variable import Index
from sroute.modules import xhttp
from sroute.modules.jansson.text import too_deep
from sroute.modules.pv.keys import OneOf, key
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value

HTTP_ONLY = 1
NO_COMMAND: dict[str, Any] = {}


@dataclass(slots=True)
class Answer:
    """What a command answered: code, reason, the JSON text."""

    code: int
    text: str
    body: str


@dataclass(slots=True)
class JsonRpc:
    """The parameters that have an effect here, and the last answer."""

    pretty_format: int = 1
    transport: int = 0
    services: Services | None = None
    answer: Answer | None = field(default=None)

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "jsonrpcs", run.at)


jsonrpcs = Module("jsonrpcs", JsonRpc, "RPC commands by JSON-RPC: jsonrpc_exec() in the script, jsonrpc_dispatch() for HTTP.")
jsonrpcs.setting("pretty_format", "int", doc="1 (default): answers have line ends and tabs; 0: they have no blanks.")
jsonrpcs.setting("transport", "int", doc="1: HTTP alone, which needs xhttp; 0 (default) all, 2 FIFO, 4 datagrams: sroute opens neither.")


@jsonrpcs.hooks.init.append
def _init(state: JsonRpc, scope: Scope) -> None:
    state.services = scope.services
    if state.transport == HTTP_ONLY and not scope.services.loaded("xhttp"):
        raise InitError("cannot bind to XHTTP API")


def _printed(value: Any, depth: int, pretty: bool) -> str:
    """A value as Kamailio writes JSON."""
    if value.__class__ is str:
        return encode_basestring(value)
    if value.__class__ is int:
        return str(value)
    if isinstance(value, dict):
        tabs, line = ("\t" * depth, "\n") if pretty else ("", "")
        inner, colon = (tabs + "\t", ":\t") if pretty else ("", ":")
        members = f",{line}".join(
            [f"{inner}{encode_basestring_ascii(str(k))}{colon}{_printed(v, depth + 1, pretty)}" for k, v in value.items()]
        )
        return f"{{{line}{members}{line if members else ''}{tabs}}}"
    if isinstance(value, list):
        return f"[{(', ' if pretty else ',').join([_printed(item, depth + 1, pretty) for item in value])}]"
    if isinstance(value, float):
        return f"{value:f}"
    if isinstance(value, NullText):
        return "null"
    return json.dumps(value if isinstance(value, int | str) else "", ensure_ascii=False)


def execute(state: JsonRpc, run: Run, text: str) -> Answer | None:
    """Runs the command of a JSON-RPC text; None, with a complaint, when it is no JSON."""
    try:
        asked = None if too_deep(text) else json.loads(text)
    except (ValueError, RecursionError):
        state.complain(run, f"invalid json doc [[{text}]]")
        return None
    request: dict[str, Any] = asked if isinstance(asked, dict) else NO_COMMAND
    found: dict[str, Any] = {"jsonrpc": "2.0"}
    code, reason = 200, "OK"
    missing = next((name for name in ("jsonrpc", "method") if name not in request), None)
    if missing is not None:
        state.complain(run, "missing jsonrpc field in request" if missing == "jsonrpc" else "missing jsonrpc method field in request")
        found["result"] = {}
    else:
        try:
            result = state.instance.rpc(str(request["method"]), json_arguments(request.get("params")))
            found["result"] = {} if result is None else result
        except RpcFault as fault:
            unknown = fault.message.startswith("command ") and fault.message.endswith(" not found")
            code, reason = fault.code, "Method Not Found" if unknown else fault.message
            if unknown:
                state.complain(run, f"method callback not found [{request['method']}]")
            found["error"] = {"code": code, "message": reason}
    if "id" in request:
        given = request["id"]
        found["id"] = given if isinstance(given, int | str) and not isinstance(given, bool) else 0
    return Answer(code, reason, _printed(found, 0, bool(state.pretty_format)))


@jsonrpcs.function("jsonrpc_exec", FORMAT)
def jsonrpc_exec(state: JsonRpc, run: Run, command: str) -> int:
    """Runs an RPC command given as JSON-RPC text; `$jsonrpl(code)`, `(text)` and `(body)` are its answer. -1 for no JSON.

    Example: jsonrpc_exec('{"jsonrpc": "2.0", "method": "core.version", "id": 1}'); xlog("$jsonrpl(body)\\n");
    """
    if not command:
        state.complain(run, "cannot get the rpc command parameter")
        return -1
    answer = execute(state, run, command)
    if answer is None:
        return -1
    state.answer = answer
    return 1


@jsonrpcs.function("jsonrpc_dispatch")
def jsonrpc_dispatch(state: JsonRpc, run: Run) -> int:
    """Runs the JSON-RPC command in the body of an HTTP request and answers it; -1, without an answer, for no JSON.

    Example: if ($hu =~ "^/RPC") { jsonrpc_dispatch(); }
    """
    answer = execute(state, run, run.message.body or "")
    if answer is None:
        return -1
    return xhttp.reply(state.instance, run, answer.code, answer.text, "application/json", answer.body)


@jsonrpcs.variables_of("jsonrpl", inner=OneOf(("code", "text", "body")))
def jsonrpl(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The answer to the last jsonrpc_exec(): `code`, `text` or `body`.

    Example: xlog("$jsonrpl(code) $jsonrpl(body)\\n");
    """
    name, state = key(inner), scope.services.state("jsonrpcs")
    assert isinstance(state, JsonRpc)

    def read(run: Run) -> Value:
        value = getattr(state.answer, name, None)
        return value if isinstance(value, int | str) else None

    return read


@jsonrpcs.rpc("jsonrpc.echo", "text [number]", array=True)
def echo(state: JsonRpc, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Gives back a text and a number."""
    given = [str(arguments[0])] if arguments else []
    more = arguments[1:2] if len(arguments) > 1 and isinstance(arguments[1], int) else []
    return [*given, *more]
