"""`KSR.pv`, `KSR.pvx` and `KSR.kx`: variables by their text, by their name, and those that have a function each."""

from collections.abc import Callable

from sroute.exports.fixups import FixupError, reader
from sroute.kemi.calls import Implementation, Offer, Result
from sroute.kemi.engine import MOST_KEPT, Context
from sroute.runtime.flow import AssignError, EvalError
from sroute.runtime.run import Read
from sroute.runtime.values import FAILED, Value, parse_int

variables = Offer()
DONE, MISSING = 1, -1
NULL, NOT_NULL = 1, -1


# ------------------------------------------------------------ by text


def _reader(context: Context, name: str) -> Read | None:
    read = context.readers.get(name)
    if read is None:
        try:
            read = context.scope.read(context.scope.names.pv(name))
        except FixupError as error:
            context.complain(f"invalid pv [{name}]: {error.message}")
            return None
        if len(context.readers) >= MOST_KEPT:
            context.readers.clear()
        context.readers[name] = read
    return read


def value(context: Context, name: str) -> Value:
    """The value of a variable; null for one that is none."""
    read = _reader(context, name)
    try:
        found = None if read is None else read(context.running)
    except EvalError:
        found = FAILED
    if found is FAILED:
        context.complain(f"unable to get pv value for [{name}]")
        return None
    return found


def value_or(context: Context, name: str, default: Value) -> Result:
    """The value of a variable, or the default."""
    found = value(context, name)
    return default if found is None else found


@variables.add("pv", "get")
def get(context: Context, name: str) -> Result:
    """The value of a variable, or nothing."""
    return value(context, name)


@variables.add("pv", "geti")
def geti(context: Context, name: str) -> Result:
    """The value of a variable if it is a number, else 0."""
    found = value(context, name)
    return found if isinstance(found, int) else 0


@variables.add("pv", "is_null")
def is_null(context: Context, name: str) -> Result:
    """Whether a variable is null."""
    return value(context, name) is None


variables.add("pv", "gete")(lambda context, name: value_or(context, name, ""))
variables.add("pv", "getw")(lambda context, name: value_or(context, name, "<null>"))
variables.add("pv", "getvn", "getvs")(value_or)


@variables.add("pv", "seti", "sets")
def assign(context: Context, name: str, new: Value) -> Result:
    """Sets a variable; one that is read-only stays as it is, which is no failure in 5.6.3."""
    write = context.writers.get(name)
    if write is None:
        try:
            pv = context.scope.names.pv(name)
            write = context.scope.write(pv) if pv.writable else lambda run, value: None
        except FixupError as error:
            context.complain(f"invalid pv [{name}]: {error.message}")
            return False
        if len(context.writers) >= MOST_KEPT:
            context.writers.clear()
        context.writers[name] = write
    try:
        write(context.running, new)
    except AssignError:
        context.complain(f"unable to set pv [{name}]")
        return False
    return True


@variables.add("pv", "unset")
def unset(context: Context, name: str) -> Result:
    """Sets a variable to null."""
    return assign(context, name, None)


# ------------------------------------------------------------ by name


def _getting(text: str, default: Value) -> Implementation:
    return lambda context, *names: value_or(context, text.format(*names), default)


def _setting(text: str) -> Implementation:
    return lambda context, *args: DONE if assign(context, text.format(*args[:-1]), args[-1]) else MISSING


def _testing(text: str) -> Implementation:
    return lambda context, *names: NULL if value(context, text.format(*names)) is None else NOT_NULL


def _removing(text: str) -> Implementation:
    def remove(context: Context, *names: str) -> Result:
        assign(context, text.format(*names), None)
        return DONE

    return remove


_STORES = {"avp": "$avp({0})", "xavp": "$xavp({0})", "xavu": "$xavu({0})", "xavi": "$xavi({0})"}
_STORES |= {f"{name}_child": f"${name}({{0}}=>{{1}})" for name in ("xavp", "xavu", "xavi")}
for _name, _text in _STORES.items():
    for _end, _default in (("get", None), ("gete", ""), ("getw", "<null>")):
        variables.add("pvx", f"{_name}_{_end}")(_getting(_text, _default))
    variables.add("pvx", f"{_name}_is_null")(_testing(_text))
for _name in ("avp", "xavp", "xavu", "xavi", "xavu_child"):
    variables.add("pvx", f"{_name}_seti", f"{_name}_sets")(_setting(_STORES[_name]))
for _name in ("xavu", "xavu_child"):
    variables.add("pvx", f"{_name}_rm")(_removing(_STORES[_name]))
variables.add("pvx", "avp_rm")(_removing("$(avp({0})[*])"))
for _name in ("var", "shv"):
    variables.add("pvx", f"{_name}_get")(_getting(f"${_name}({{0}})", None))
    variables.add("pvx", f"{_name}_seti", f"{_name}_sets")(_setting(f"${_name}({{0}})"))


@variables.add("pvx", "evalx")
def evalx(context: Context, target: str, text: str) -> Result:
    """Sets a variable to a text in which variables are expanded."""
    try:
        expanded = reader(context.scope.text(context.scope.names.format(text)))(context.running)
    except FixupError as error:
        context.complain(f"cannot parse format [{text}]: {error.message}", "pv")
        return MISSING
    return DONE if assign(context, target, expanded) else MISSING


# ------------------------------------------------------------ with functions of their own

_KX = {"ruri": "$ru", "ruser": "$rU", "rhost": "$rd", "duri": "$du", "furi": "$fu", "fuser": "$fU", "fhost": "$fd", "turi": "$tu"}
_KX |= {"tuser": "$tU", "thost": "$td", "ua": "$ua", "au": "$au", "cturi": "$ct{nameaddr.uri}", "body": "$rb"}
_KX |= {"ouri": "$ou", "nhuri": "$nh(u)", "method": "$rm", "callid": "$ci", "srcip": "$si", "srcport": "$sp", "srcuri": "$su"}
_KX |= {"srcaddr_sock": "$sut", "rcvip": "$Ri", "rcvport": "$Rp", "rcvadvip": "$RAi", "rcvadvport": "$RAp", "proto": "$pr"}
_KX |= {"rcv_sock_name": "$Rn", "msgbuf": "$mb", "msglen": "$ml", "timestamp": "$Ts", "send_sock": "$fs"}
_KX |= {"send_sock_name": "$fsn"}
_PROTO_IDS = {"udp": 1, "tcp": 2, "tls": 3, "sctp": 4, "ws": 5, "wss": 6}


def _core(text: str, default: Value) -> Callable[[Context], Result]:
    return lambda context: value_or(context, text, default)


for _name, _text in _KX.items():
    _text = f"$({_text[1:]})" if "{" in _text else _text
    variables.add("kx", f"get_{_name}")(_core(_text, None))
    variables.add("kx", f"gete_{_name}")(_core(_text, ""))
    variables.add("kx", f"getw_{_name}")(_core(_text, "<null>"))


@variables.add("kx", "get_srcaddr_sock")
def srcaddr_sock(context: Context) -> Result:
    """Where the message came from: `udp:127.0.0.1:5061`."""
    return str(context.running.message.src)


@variables.add("kx", "get_rcvaddr_sock")
def rcvaddr_sock(context: Context) -> Result:
    """Where the message came to."""
    return str(context.running.message.dst)


@variables.add("kx", "get_bodylen")
def bodylen(context: Context) -> Result:
    """How long the body is, whatever Content-Length says."""
    return len(context.running.message.body or "")


@variables.add("kx", "get_msgtype")
def msgtype(context: Context) -> Result:
    """1 for a request, 2 for a reply."""
    return 1 if context.running.message.is_request else 2


@variables.add("kx", "get_protoid")
def protoid(context: Context) -> Result:
    """The number of the protocol: 1 UDP, 2 TCP, 3 TLS, 4 SCTP, 5 WS, 6 WSS."""
    return _PROTO_IDS.get(context.running.message.dst.proto, 0)


@variables.add("kx", "get_conid")
def conid(context: Context) -> Result:
    """The number of the TCP connection: -1, a simulated instance has none."""
    return -1


@variables.add("kx", "get_send_sock_port")
def send_sock_port(context: Context) -> Result:
    """The port of the socket that is set for sending, or 0."""
    found = value(context, "$fsp")
    return found if isinstance(found, int) else 0


@variables.add("kx", "get_status")
def status(context: Context) -> Result:
    """The code of a reply; -1 for a request."""
    message = context.running.message
    return -1 if message.is_request else message.status


@variables.add("kx", "gets_status")
def status_text(context: Context) -> Result:
    """The code of a reply as text."""
    message = context.running.message
    return None if message.is_request else str(message.status)


# ------------------------------------------------------------ the preprocessor's names, the environment


def _defined(context: Context, name: str) -> str | None:
    defines = context.scope.names.defines
    return (defines[name] or "") if name in defines else None


variables.add("kx", "ifdef")(lambda context, name: _defined(context, name) is not None)
variables.add("kx", "ifndef")(lambda context, name: _defined(context, name) is None)
variables.add("kx", "get_def")(lambda context, name: _defined(context, name) or "")
variables.add("kx", "get_defn")(lambda context, name: parse_int(_defined(context, name) or "") or 0)
variables.add("kx", "get_env")(lambda context, name: value_or(context, f"$env({name})", ""))
variables.add("kx", "get_envn")(lambda context, name: parse_int(str(value_or(context, f"$env({name})", ""))) or 0)
