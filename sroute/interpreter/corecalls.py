"""Functions of the core's own grammar (language reference 4.7): literal arguments, `$rc` untouched."""

from collections.abc import Callable

from sroute.exports.function import Bound
from sroute.interpreter import expressions
from sroute.interpreter.binder import Binder
from sroute.runtime.run import Run
from sroute.sip import rewrite
from sroute.sip.endpoint import Endpoint
from sroute.sip.rewrite import Rewrite
from sroute.source.text import Span
from sroute.syntax.nodes import CoreCall, Literal, Variable, Word

REWRITES: dict[str, Callable[[str, str], Rewrite]] = {
    "sethost": rewrite.set_host,
    "sethostport": rewrite.set_host_port,
    "sethostporttrans": rewrite.set_host_port_trans,
    "setuser": rewrite.set_user,
    "setuserpass": rewrite.set_user_pass,
    "setport": rewrite.set_port,
    "prefix": rewrite.prefix,
}
CUTS: dict[str, Callable[[str, int], Rewrite]] = {"strip": rewrite.strip, "strip_tail": rewrite.strip_tail}
LOG_LEVELS = {0: "WARNING", 1: "NOTICE", 2: "INFO"}
TCP_ONLY = frozenset(["set_forward_no_connect", "set_reply_no_connect", "set_forward_close", "set_reply_close", "force_tcp_alias"])


def bind(node: CoreCall, b: Binder) -> Bound:
    """The closure of a core function: run -> code."""
    name = node.name
    if name in REWRITES:
        change, text = REWRITES[name], str(_literal(node, 0))
        return _rewriting(lambda uri: change(uri, text), node.span, b)
    if name in CUTS:
        cut, count = CUTS[name], int(_literal(node, 0))
        return _rewriting(lambda uri: cut(uri, count), node.span, b)
    if name == "userphone":
        return _rewriting(rewrite.user_phone, node.span, b)
    if name in FLAGS:
        return _flag(node, b)
    if name in AVPFLAGS:
        return _avp_flag(node, b)
    if name.startswith("forward"):
        return _forward(node, b)
    if name in TCP_ONLY:
        return _one
    return SPECIAL[name](node, b)


def _one(run: Run) -> int:
    return 1


def _literal(node: CoreCall, index: int) -> int | str:
    arg = node.args[index]
    if isinstance(arg, Literal):
        return arg.value
    assert isinstance(arg, Word)
    return arg.text


# ---------------------------------------------------------------- request URI


def _rewriting(change: Callable[[str], Rewrite], span: Span, b: Binder) -> Bound:
    def act(run: Run) -> int:
        message = run.message
        result = change(message.uri)
        if result.note:
            b.services.diag(result.level, result.note, span=span)
        if result.uri is None:
            if result.level == "ERROR":
                b.services.diag("ERROR", f"run action error at: {span.source.name}:{span.begin.line}", span=span)
                return -1
            return 1
        message.new_uri = result.uri
        return 1

    return act


def _seturi(node: CoreCall, b: Binder) -> Bound:
    text = str(_literal(node, 0))

    def act(run: Run) -> int:
        run.message.new_uri = text
        return 1

    return act


def _revert(node: CoreCall, b: Binder) -> Bound:
    def act(run: Run) -> int:
        run.message.new_uri = None
        return 1

    return act


# ---------------------------------------------------------------- branches


def _clear_branches(node: CoreCall, b: Binder) -> Bound:
    def act(run: Run) -> int:
        run.dset.clear()
        run.dset.spend(run.message)
        return 1

    return act


def _remove_branch(node: CoreCall, b: Binder) -> Bound:
    index = int(_literal(node, 0)) if node.args else 0

    def act(run: Run) -> int:
        branches = run.dset.branches
        if 0 <= index < len(branches):
            del branches[index]
        return 1

    return act


# ---------------------------------------------------------------- flags

FLAGS = frozenset(["setflag", "resetflag", "isflagset"])
AVPFLAGS = frozenset(["setavpflag", "resetavpflag", "isavpflagset"])


def _flag(node: CoreCall, b: Binder) -> Bound:
    value = _literal(node, 0)
    number = value if isinstance(value, int) else b.names.flag(value) or 0
    bit = 1 << number
    if node.name == "isflagset":
        return lambda run: 1 if run.message.flags & bit else -1
    if node.name == "setflag":

        def set_it(run: Run) -> int:
            run.message.flags |= bit
            return 1

        return set_it

    def reset(run: Run) -> int:
        run.message.flags &= ~bit
        return 1

    return reset


def _avp_flag(node: CoreCall, b: Binder) -> Bound:
    avp_arg = node.args[0]
    name = (avp_arg.spec.inner or "") if isinstance(avp_arg, Variable) else str(_literal(node, 0)).removeprefix("$").removeprefix("s:")
    flag = _literal(node, 1)
    bit = 1 << (flag if isinstance(flag, int) else b.names.avpflags.get(flag, 0))

    def act(run: Run) -> int:
        avp = run.avps.first(name)
        if avp is None:
            return -1
        if node.name == "isavpflagset":
            return 1 if avp.flags & bit else -1
        avp.flags = avp.flags | bit if node.name == "setavpflag" else avp.flags & ~bit
        return 1

    return act


# ---------------------------------------------------------------- the rest


def _log(node: CoreCall, b: Binder) -> Bound:
    level = int(_literal(node, 0)) if len(node.args) == 2 else 4
    text = str(_literal(node, len(node.args) - 1))
    name = LOG_LEVELS.get(level, "DEBUG")
    services, span = b.services, node.span

    def act(run: Run) -> int:
        run.at = span
        if level <= services.levels.get("core", services.debug):
            services.log(name, text, run)
        return 1

    return act


def _forward(node: CoreCall, b: Binder) -> Bound:
    proto = node.name.partition("_")[2]
    host = str(_literal(node, 0)) if node.args else ""
    port = _literal(node, 1) if len(node.args) > 1 else 0
    services, span = b.services, node.span

    def act(run: Run) -> int:
        run.at = span
        return services.forward(run, host, port, proto)

    return act


def _force_rport(node: CoreCall, b: Binder) -> Bound:
    def act(run: Run) -> int:
        run.message.force_rport = True
        return 1

    return act


def _local_rport(node: CoreCall, b: Binder) -> Bound:
    def act(run: Run) -> int:
        run.message.local_rport = True
        return 1

    return act


def _advertised_address(node: CoreCall, b: Binder) -> Bound:
    host = str(_literal(node, 0))

    def act(run: Run) -> int:
        run.message.global_address = host
        return 1

    return act


def _advertised_port(node: CoreCall, b: Binder) -> Bound:
    port = str(_literal(node, 0))

    def act(run: Run) -> int:
        run.message.global_port = port
        return 1

    return act


def _send_socket(node: CoreCall, b: Binder) -> Bound:
    where = str(Endpoint.parse(str(_literal(node, 0))))

    def act(run: Run) -> int:
        run.message.send_socket = where
        return 1

    return act


def _cfg_select(node: CoreCall, b: Binder) -> Bound:
    group, instance = str(_literal(node, 0)), node.args[1]
    assert not isinstance(instance, Word)
    number = expressions.bind_int(instance, b)

    def act(run: Run) -> int:
        run.at = node.span
        return b.services.cfg_select(group, number(run))

    return act


def _cfg_reset(node: CoreCall, b: Binder) -> Bound:
    group = str(_literal(node, 0))
    return lambda run: b.services.cfg_select(group, None)


def _exec(node: CoreCall, b: Binder) -> Bound:
    command = str(_literal(node, 0))

    def act(run: Run) -> int:
        b.services.note(f"exec({command!r}) is not run: sroute never starts a program", node.span)
        return 1

    return act


def _nothing(node: CoreCall, b: Binder) -> Bound:
    return _one


SPECIAL: dict[str, Callable[[CoreCall, Binder], Bound]] = {
    "seturi": _seturi,
    "revert_uri": _revert,
    "clear_branches": _clear_branches,
    "remove_branch": _remove_branch,
    "log": _log,
    "force_rport": _force_rport,
    "add_local_rport": _local_rport,
    "set_advertised_address": _advertised_address,
    "set_advertised_port": _advertised_port,
    "force_send_socket": _send_socket,
    "cfg_select": _cfg_select,
    "cfg_reset": _cfg_reset,
    "exec": _exec,
    "error": _nothing,
    "udp_mtu_try_proto": _nothing,
}
