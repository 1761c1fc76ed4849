"""The language's own names: keywords, operators in words, operands, core functions; and what each is to the grammar.

This table is the one declaration of these names; global parameters are in `parameters`. A name that is not here (or there) is
a plain ID: a module's function, a route, a flag, a host.
"""

from dataclasses import dataclass
from functools import cache

from sroute.dialect import Dialect
from sroute.syntax.parameters import PARAMETERS


@dataclass(frozen=True, slots=True)
class CoreFunction:
    """A function of the core's own grammar: its terminal, spellings, the forms of its arguments and what it does."""

    terminal: str
    name: str
    aliases: tuple[str, ...]
    forms: tuple[str, ...]
    doc: str

    @property
    def names(self) -> tuple[str, ...]:
        """The canonical name, then the others."""
        return (self.name, *self.aliases)


def _function(terminal: str, names: str, forms: str, doc: str) -> CoreFunction:
    name, *aliases = names.split()
    return CoreFunction(terminal, name, tuple(aliases), tuple(forms.split(" | ")), doc)


FORWARDS = "(HOST) | (HOST, PORT) | (uri:host) | (uri:host, PORT) | (uri:host, uri:port)"
CORE_FUNCTIONS = (
    _function("STRING_FUNCTION", "sethost rewritehost seth", '("host")', "Set the host of the request URI."),
    _function("STRING_FUNCTION", "sethostport rewritehostport sethp", '("host:port")', "Set host and port of the request URI."),
    _function(
        "STRING_FUNCTION",
        "sethostporttrans rewritehostporttrans sethpt",
        '("host:port;transport=x")',
        "Set host, port and transport of the request URI.",
    ),
    _function("STRING_FUNCTION", "setuser rewriteuser setu", '("user")', "Set the user of the request URI; an empty text removes it."),
    _function("STRING_FUNCTION", "setuserpass rewriteuserpass setup", '("user:password")', "Set user and password of the request URI."),
    _function("STRING_FUNCTION", "setport rewriteport setp", '("port")', "Set the port of the request URI; an empty text removes it."),
    _function("STRING_FUNCTION", "seturi rewriteuri", '("uri")', "Replace the request URI; it is not checked."),
    _function("STRING_FUNCTION", "prefix", '("text")', "Put a text in front of the user of the request URI."),
    _function("STRING_FUNCTION", "exec", '("command")', "Run a shell command."),
    _function("STRING_FUNCTION", "cfg_reset", '("group")', "Go back to the first instance of a group of custom globals."),
    _function("NUMBER_FUNCTION", "strip", "(N)", "Cut N characters from the front of the user of the request URI."),
    _function("NUMBER_FUNCTION", "strip_tail", "(N)", "Cut N characters from the end of the user of the request URI."),
    _function("NUMBER_FUNCTION", "set_advertised_port", "(PORT)", "The port to advertise in Via and Record-Route of this message."),
    _function("CALL_FUNCTION", "userphone", "()", "Add the parameter user=phone to the request URI."),
    _function("CALL_FUNCTION", "clear_branches", "()", "Remove all additional branches."),
    _function("BARE_FUNCTION", "revert_uri", "() | without", "Take back all changes of the request URI."),
    _function("BARE_FUNCTION", "add_local_rport", "() | without", "Add an empty rport to the own Via of the sent request."),
    _function("BARE_FUNCTION", "set_forward_no_connect", "() | without", "Forward the message over an existing TCP connection only."),
    _function("BARE_FUNCTION", "set_reply_no_connect", "() | without", "Send the reply over an existing TCP connection only."),
    _function("BARE_FUNCTION", "set_forward_close", "() | without", "Close the TCP connection after forwarding this message."),
    _function("BARE_FUNCTION", "set_reply_close", "() | without", "Close the TCP connection after sending this reply."),
    _function("FORCE_RPORT", "force_rport add_rport", "() | without", "Send replies to the port that the request came from."),
    _function(
        "TCP_ALIAS", "force_tcp_alias add_tcp_alias", "() | (PORT) | without", "Use the connection for requests to the advertised port too."
    ),
    _function("REMOVE_BRANCH", "remove_branch", "() | (INDEX)", "Remove one additional branch."),
    _function("FLAG_FUNCTION", "setflag", "(FLAG)", "Set a message flag, 0 to 31 or a declared name."),
    _function("FLAG_FUNCTION", "resetflag", "(FLAG)", "Reset a message flag, 0 to 31 or a declared name."),
    _function("FLAG_FUNCTION", "isflagset", "(FLAG)", "True if the message flag is set."),
    _function("AVPFLAG_FUNCTION", "setavpflag", '("avp", FLAG)', "Set a declared flag of an AVP."),
    _function("AVPFLAG_FUNCTION", "resetavpflag", '("avp", FLAG)', "Reset a declared flag of an AVP."),
    _function("AVPFLAG_FUNCTION", "isavpflagset", '("avp", FLAG)', "True if the flag of the AVP is set."),
    _function("LOG", "log", '("text") | (LEVEL, "text")', "Log a text as it is; no variable in it is expanded."),
    _function("ERROR", "error", '("text", "text")', "Does nothing."),
    _function("CFG_SELECT", "cfg_select", '("group", N)', "Read custom globals of a group from instance N from now on."),
    _function("UDP_MTU_TRY_PROTO", "udp_mtu_try_proto", "(PROTO)", "The protocol to use when the message does not fit into UDP."),
    _function("ADDRESS_FUNCTION", "set_advertised_address", "(HOST)", "The address to advertise in Via and Record-Route of this message."),
    _function("SOCKET_FUNCTION", "force_send_socket", "([PROTO:]HOST[:PORT])", "Send the message from that listen socket."),
    _function("FORWARD", "forward", f"() | {FORWARDS}", "Forward the request without a transaction."),
    _function("FORWARD_PROTO", "forward_udp", FORWARDS, "Forward the request over UDP without a transaction."),
    _function("FORWARD_PROTO", "forward_tcp", FORWARDS, "Forward the request over TCP without a transaction."),
    _function("FORWARD_PROTO", "forward_tls", FORWARDS, "Forward the request over TLS without a transaction."),
    _function("FORWARD_PROTO", "forward_sctp", FORWARDS, "Forward the request over SCTP without a transaction."),
)

NUMBERS = {
    **dict.fromkeys(("yes", "true", "on", "enable"), 1),
    **dict.fromkeys(("no", "false", "off", "disable"), 0),
    **dict.fromkeys(("inet", "INET", "ipv4", "IPv4", "IPV4"), 2),
    **dict.fromkeys(("inet6", "INET6", "ipv6", "IPv6", "IPV6"), 10),
}
"""Words that are number tokens."""

_KEYWORDS = {
    "IF": "if",
    "ELSE": "else",
    "WHILE": "while",
    "SWITCH": "switch",
    "CASE": "case",
    "DEFAULT": "default",
    "LEAVE": "return exit drop",
    "BREAK": "break",
    "ROUTE": "route",
    "REQUEST_ROUTE": "request_route",
    "REPLY_ROUTE": "reply_route",
    "NAMED_ROUTE": "failure_route branch_route onreply_route onsend_route",
    "EVENT_ROUTE": "event_route",
    "LOR": "or",
    "LAND": "and",
    "NOT": "not",
    "MOD": "mod",
    "EQ": "eq ne",
    "IEQ": "ieq ine",
    "DEFINED": "defined",
    "STRING_TEST": "strlen strempty",
    "SELVAL": "selval",
    "METHOD": "method",
    "URI_OPERAND": "uri status from_uri to_uri",
    "IP_OPERAND": "src_ip dst_ip snd_ip to_ip",
    "INT_OPERAND": "src_port dst_port snd_port to_port af snd_af to_af msg:len",
    "PROTO_OPERAND": "proto snd_proto to_proto",
    "MYSELF": "myself",
    "URI_HOST": "uri:host",
    "URI_PORT": "uri:port",
    "PROTO": "udp UDP tcp TCP tls TLS sctp SCTP",
    "WS_PROTO": "ws WS wss WSS",
    "TLS_WORD": "sslv2 SSLv2 SSLV2 sslv3 SSLv3 SSLV3 sslv23 SSLv23 SSLV23 tlsv1 TLSv1 TLSV1",
    "FLAGS": "flags bool",
    "AVPFLAGS": "avpflags",
    "LISTEN": "listen",
    "ALIAS": "alias",
    "ADVERTISE": "advertise ADVERTISE",
    "NAME": "name NAME",
    "VIRTUAL": "virtual",
    "DESC": "desc descr description",
    "LOADMODULE": "loadmodule loadmodulex",
    "LOADPATH": "loadpath mpath",
    "MODPARAM": "modparam modparamx",
    "CFGENGINE": "cfgengine",
    "KEMI": "kemi",
    "KEMI_CALLBACK": "onsend_route_callback reply_route_callback event_route_callback received_route_callback pre_routing_callback",
    "RESERVED": "max_len",
}
_NEWER = {
    "SOCKET": "socket",
    "BIND": "bind",
    "AGNAME": "agname AGNAME",
    "VRF": "vrf",
    "COREPARAM": "coreparam",
    "ALIAS": "domain",
    "KEMI_CALLBACK": "request_route_callback",
}

KEYWORD_DOCS = {
    "if": "if (CONDITION) { ... } else { ... }: a number is true unless 0, a call when its code is above 0.",
    "else": "The other branch of an if.",
    "while": "while (CONDITION) { ... }: at most max_while_loops rounds.",
    "switch": 'switch (VALUE) { case 1: ... break; case "x": ... case /regex/: ... default: ... }.',
    "case": "A label of a switch: a number, a text or a regular expression, known at load.",
    "default": "The label of a switch for all other values.",
    "break": "Leaves the switch or loop around it; at the end of a route's own statements it leaves the route.",
    "return": "Leaves the route with a code, 1 without one; return(0) ends the script.",
    "exit": "Ends the script for this message.",
    "drop": "Ends the script; in branch_route, onsend_route and onreply_route the message is not sent on.",
    "route": "route(NAME) runs a block and has its code; route[NAME] { ... } is one; a bare route { ... } is request_route.",
    "request_route": "What each request runs.",
    "reply_route": "What each reply runs before its transaction is looked for.",
    "failure_route": "failure_route[NAME]: runs when all branches have failed, if t_on_failure() has named it.",
    "branch_route": "branch_route[NAME]: runs for each branch before it is sent, if t_on_branch() has named it.",
    "onreply_route": "onreply_route[NAME]: runs for replies, if t_on_reply() has named it; without a name for all.",
    "onsend_route": "Runs for each request that is about to leave.",
    "event_route": "event_route[module:event]: runs when a module says so.",
    "defined": "defined VALUE: whether there is one.",
    "strlen": "strlen(VALUE): the length of a text.",
    "strempty": "strempty(VALUE): whether a text is empty.",
    "selval": "selval(CONDITION, A, B): A where the condition holds, else B.",
    "method": "The method of the request, in conditions.",
    "uri": 'The request URI, in conditions: uri == myself, uri =~ "^sip:9".',
    "status": "The status of the reply, in conditions.",
    "from_uri": "The URI of From, in conditions.",
    "to_uri": "The URI of To, in conditions.",
    "src_ip": "Where the message came from, in conditions: src_ip == 10.0.0.0/8.",
    "dst_ip": "Where the message came to, in conditions.",
    "src_port": "The port that the message came from, in conditions.",
    "dst_port": "The port that the message came to, in conditions.",
    "af": "The address family of the message, in conditions: af == INET6.",
    "proto": "The transport of the message, in conditions: proto == TLS.",
    "myself": "All addresses, aliases and own domains of the server, in conditions.",
    "listen": "listen = PROTO:ADDRESS[:PORT] [advertise ADDRESS:PORT] [name NAME]: a socket.",
    "alias": "alias = HOST[:PORT]: a name that is myself.",
    "flags": "flags NAME[:N], ...: names for message flags.",
    "avpflags": "avpflags NAME, ...: names for flags of AVPs.",
    "loadmodule": 'loadmodule "NAME.so": loads a module.',
    "loadpath": "The folders in which modules are looked for.",
    "modparam": 'modparam("MODULE", "PARAMETER", VALUE): sets a parameter of a module; several modules with | between.',
    "modparamx": "As modparam, and variables in a text value are expanded at load.",
    "cfgengine": "cfgengine = native | lua | python: the language of the routing.",
}
"""What the names mean that a script begins its statements and conditions with."""

WORD_OPERATORS = {"or": "||", "and": "&&", "not": "!"}
"""Operators in words and the sign that the tree uses for them."""


@cache
def terminals(newer: bool) -> dict[str, str]:
    """The terminal of every name that is not a plain ID; newer adds the names that appeared after 5.6."""
    kinds = {name: parameter.terminal for parameter in PARAMETERS if newer or not parameter.newer for name in parameter.names}
    for function in CORE_FUNCTIONS:
        kinds.update(dict.fromkeys(function.names, function.terminal))
    for words in (_KEYWORDS, _NEWER if newer else {}):
        for terminal, names in words.items():
            kinds.update(dict.fromkeys(names.split(), terminal))
    kinds.update(dict.fromkeys(NUMBERS, "NUMBER"))
    return kinds


@cache
def canonical() -> dict[str, str]:
    """Each spelling of a core function and its canonical name."""
    return {name: function.name for function in CORE_FUNCTIONS for name in function.names}


def reserved(dialect: Dialect) -> frozenset[str]:
    """Names that can't be bare names of routes, flags, groups of globals or their fields."""
    return frozenset(terminals(dialect.newer))
