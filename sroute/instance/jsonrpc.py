"""JSON-RPC 2.0 as Kamailio's jsonrpcs answers it: bytes in, bytes out, laid out with tabs."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sroute.exports.rpc import RpcFault, RpcValue, json_arguments
from sroute.runtime import jsontext

Call = Callable[[str, Sequence[object]], RpcValue]
"""(command, arguments) -> result; raises RpcFault."""

NOT_FOUND = "Method Not Found"
MAX_REQUEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; reply_name is the fifo that the request asks to be answered on."""

    data: bytes
    reply_name: str = ""


def answer(data: bytes, call: Call, known: Callable[[str], bool], *, pretty: bool = True) -> Answer | None:
    """The answer to a request; None for what is no JSON, to which 5.6.3 says nothing.

    A request without version or method gets an empty result, one without id an answer without id.
    """
    try:
        request = jsontext.loads(data)
    except jsontext.JsonError:
        return None
    fields = request if isinstance(request, dict) else {}
    made: dict[str, object] = {"jsonrpc": "2.0"}
    method = fields.get("method")
    if not isinstance(method, str) or "jsonrpc" not in fields:
        made["result"] = {}
    else:
        made |= _result(method, fields.get("params"), call, known)
    if "id" in fields:
        ident = fields["id"]
        made["id"] = ident if isinstance(ident, int | float | str) else 0
    name = fields.get("reply_name")
    text = _layout(made, 0) if pretty else json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    return Answer(text.encode("latin-1", "replace"), name if isinstance(name, str) else "")


def _result(method: str, params: object, call: Call, known: Callable[[str], bool]) -> dict[str, object]:
    if not known(method):
        return {"error": {"code": 500, "message": NOT_FOUND}}
    try:
        return {"result": call(method, json_arguments(params))}
    except RpcFault as fault:
        return {"error": {"code": fault.code, "message": fault.message}}


def _layout(value: object, depth: int) -> str:
    """A value as srjson lays it out."""
    if isinstance(value, dict):
        inner = ",\n".join(f"{chr(9) * (depth + 1)}{_plain(name)}:\t{_layout(member, depth + 1)}" for name, member in value.items())
        return "{\n" + (inner + "\n" if inner else "") + "\t" * depth + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_layout(item, depth + 1) for item in value) + "]"
    return _plain(value)


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
