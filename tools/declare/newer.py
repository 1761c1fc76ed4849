"""Names that a Kamailio after 5.6.3 has in modules that 5.6.3 has too; far from complete.

From the release notes and from runs of the development branch after 6.1.  LATER stands for a name that was seen there but of which no
release note tells the version; an empty arity for one that was never called.
"""

from dataclasses import replace

from sroute.modules.declared.facts import (
    ANY,
    LATER,
    Declared,
    EventRouteFact,
    FunctionFact,
    ParamFact,
    RpcFact,
    TransformationFact,
    VariableFact,
)

REPLYING = ("request", "failure", "tm_onreply", "core_onreply")
#: module: version: functions with their arities.
FUNCTIONS: dict[str, dict[str, dict[str, tuple[int, ...]]]] = {
    "async": {LATER: {"async_tkv_emit": ()}},
    "auth": {"6.0": {"auth_algorithm": (1,)}},
    "cfgutils": {"6.1": {"lock": (2,), "trylock": (2,), "unlock": (2,)}},
    "corex": {
        "5.8": {"via_reply_add_xavp_params": ()},
        "6.0": {"forward_uac": (0,), "forward_uac_uri": (1,)},
        LATER: {"add_tcp_alias": ()},
    },
    "dialog": {
        "5.7": {"dlg_get_var": (5,), "dlg_set_var": (5,)},
        LATER: {
            "dlg_refer_cid": (),
            "dlg_refer_did": (),
            "dlg_remove_dialogs_from_node": (),
            "dlg_req_within": (),
            "dlg_set_state": (1,),
            "dlg_update_contact": (0,),
            "dlg_update_socket": (),
            "dlg_update_state": (),
        },
    },
    "dispatcher": {"5.8": {"ds_dsg_fetch": ()}, LATER: dict.fromkeys(("ds_dsg_fetch_uri", "ds_mark_addr", "ds_oc_set_attrs"), ())},
    "dmq": {LATER: dict.fromkeys(("dmq_handle_custom", "dmq_process_custom"), ())},
    "htable": {"6.1": dict.fromkeys(("sht_dec", "sht_inc", "sht_is_null"), (2,))},
    "http_client": {
        "6.0": {
            "http_client_request": (5,),
            "http_client_request_v2pk": (),
            "http_client_response_headers_clear": (0,),
            "http_client_response_headers_set": (1,),
        }
    },
    "ipops": {"6.0": {"ptr_query": (2,)}},
    "jansson": {"5.7": {"jansson_pv_get": ()}},
    "kex": {"5.8": {"is_myhost": (1,)}},
    "path": {LATER: dict.fromkeys(("add_path_advertised_address", "add_path_received_advertised_address"), ())},
    "permissions": {"6.0": {"allow_register_include_port": ()}},
    "pv": {
        "5.7": {"xavp_lshift": (2,), "xavp_push_dst": (1,)},
        "5.8": {"xavp_params_implode_qval": (2,)},
        "6.0": {"xavp_xparams_explode": (3,)},
        LATER: {"xavi_rm_all": (1,), "xavp_rm_all": (1,)},
    },
    "registrar": {"5.7": {"lookup_xavp": (4,), "reg_from_user": (3,)}},
    "rtpengine": {
        LATER: dict.fromkeys(
            (
                *("rtpengine_connect", "rtpengine_destroy", "rtpengine_subscribe_answer"),
                *("rtpengine_subscribe_request", "rtpengine_unsubscribe"),
            ),
            (),
        )
    },
    "sdpops": {
        "5.8": {"sdp_iterator_end": (1,), "sdp_iterator_next": (1,), "sdp_iterator_start": (1,)},
        LATER: {"sdp_iterator_append": (), "sdp_iterator_insert": (), "sdp_iterator_rm": ()},
    },
    "siptrace": {"5.8": {"sip_trace_msg": (3,)}},
    "siputils": {
        "5.8": {"tel2sip2": (3,)},
        "6.0": {"is_http": (0,), "is_sip": (0,), "sip_parse_headers": ()},
        LATER: {"contact_param_check": (1,)},
    },
    "sl": {"5.8": {"send_reply_error": (0,)}},
    "textops": {
        "5.7": {"str_any_in": (2,)},
        "5.8": {"via_param_rm": (2,)},
        "6.0": {"subst_v": (3,)},
        LATER: {"set_body_hex": (2,), "str_all_in": (2,)},
    },
    "textopsx": {"6.0": {"msg_changed_route": (1,)}},
    "tm": {
        "5.7": {"t_exists": (0,)},
        "5.8": {"t_reply_error": ()},
        "6.0": {"t_cell_append_branches": (2,)},
        LATER: {"t_set_no_auto_ack": ()},
    },
    "tsilo": {"6.0": {"ts_append_branches": (1,)}},
    "uac": {LATER: dict.fromkeys(("uac_reg_send_register", "uac_reg_send_unregister"), ())},
}
ROUTES = {"send_reply_error": REPLYING}
PLAIN, NAMED = False, True
VARIABLES: dict[str, dict[str, dict[str, bool]]] = {
    "corex": {LATER: {"atkv": NAMED}},
    "dispatcher": {"5.8": {"dsg": NAMED}},
    "http_client": {"6.0": {"httprhdr": NAMED}},
    "ipops": {"6.0": {"ptrquery": NAMED}},
    "pv": {
        "5.7": {"shvinc": NAMED},
        "6.0": dict.fromkeys(("ctu", "cts", "Eb", "Ec", "Ei", "Ej", "Ek", "En", "Eq", "Er", "Es", "Et", "Ev"), PLAIN),
        LATER: {"defs": NAMED, "defv": NAMED, "recv": NAMED, "ful": PLAIN, "rul": PLAIN, "tts": PLAIN},
    },
    "sdpops": {"5.8": {"sdpitval": NAMED}},
}
MEMBERS: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "json": {LATER: {"json": ("parsex",)}},
    "pv": {
        "6.0": {"s": ("escape.crlf", "rmhdws", "rmhlws", "unescape.crlf")},
        LATER: {
            "num": ("fdigit", "ldigit"),
            # 6.2.0-dev1 answers to {s.s} where {s.sha1} was meant, and to {s.selectsw} for the documented {s.selectws}.
            "s": ("byteat", "charat", "crc32", "intv", "keccak", "s", "selectsw", "sha3"),
            "uri": ("rmparam",),
            "val": ("json", "jsonqe", "n0", "ne"),
        },
    },
}
PARAMS = {"htable": {LATER: {"dmq_peer_id": ("str",)}}}
RPC: dict[str, dict[str, tuple[str, ...]]] = {
    "core": {"5.7": ("core.echo_delta",)},
    "dispatcher": {"6.0": ("dispatcher.oclist",)},
    "htable": {"5.8": ("htable.dmqresync", "htable.dmqsync")},
    "pipelimit": {"5.7": ("pl.reset_pipe", "pl.rm_pipe")},
    "presence": {"5.7": ("presence.presentity_show", "presence.watcher_list")},
}
EVENTS = {"htable": {LATER: ("htable:reloaded:*",)}}
#: Functions whose arguments had to be constant in 5.6.3; None stands for every arity.
DYNAMIC: dict[str, dict[str, tuple[int, ...] | None]] = {
    "corex": {"file_read": None},
    "dispatcher": {
        **dict.fromkeys(("ds_select", "ds_select_dst", "ds_select_domain", "ds_select_routes"), (3,)),
        "ds_is_from_list": (2, 3),
        "ds_list_exists": None,
    },
    "htable": dict.fromkeys(
        (
            *("sht_lock", "sht_unlock", "sht_rm_name", "sht_rm_value", "sht_rm_name_re", "sht_rm_value_re", "sht_match_name"),
            *("sht_match_str_value", "sht_has_name", "sht_has_str_value"),
        )
    ),
    "mqueue": {"mq_add": None},
    "mtree": {"mt_match": None},
    "nathelper": {"add_contact_alias": (3,), "fix_nated_sdp": None},
    "pdt": {"pd_translate": None},
    "permissions": {"allow_address": None},
    "pv": {"xavp_copy": None},
    "rr": {"add_rr_param": None, "record_route": (1,), "record_route_advertised_address": None, "record_route_preset": None},
    "sdpops": {"sdp_get_line_startswith": None},
    "siputils": {"tel2sip": None},
    "sl": dict.fromkeys(("sl_reply", "sl_send_reply", "send_reply", "send_reply_mode")),
}
#: Modules that 5.6.3 does not have; nothing is known of what they offer.
MODULES = {
    **dict.fromkeys(("app_python3s", "app_ruby_proc", "math", "tls_wolfssl"), "5.7"),
    **dict.fromkeys(("file_out", "gcrypt", "influxdbc", "microhttpd"), "5.8"),
    **dict.fromkeys(("ims_qos_npn", "nghttp2", "presence_dfks", "pvtpl", "topos_htable"), "6.0"),
}
#: The first version without it.
GONE = {"app_lua_sr": "6.0", "app_mono": "6.0", "app_sqlang": "5.8", "auth_identity": "5.8", "db_berkeley": "6.1", "db_perlvdb": "6.1"}
GONE_PARAMS = {("dialog", "dlg_flag"): "6.0"}


def modules() -> list[Declared]:
    """The modules that came after 5.6.3, by name only."""
    return [Declared(name, name, "", since=version, complete=False) for name, version in MODULES.items()]


def add(module: Declared) -> Declared:
    """The declaration with what later versions add, change and drop."""
    name = module.name
    functions = [fact for old in module.functions for fact in _dynamic(name, old)]
    params = [replace(p, until=GONE_PARAMS.get((name, p.name), "")) for p in module.params]
    added = Declared(
        name,
        module.param_name,
        module.package,
        functions=tuple(_function(n, a, v) for v, ns in FUNCTIONS.get(name, {}).items() for n, a in ns.items()),
        params=tuple(ParamFact(n, types, since=v) for v, ns in PARAMS.get(name, {}).items() for n, types in ns.items()),
        variables=tuple(VariableFact(n, inner=i, since=v) for v, ns in VARIABLES.get(name, {}).items() for n, i in ns.items()),
        transformations=tuple(TransformationFact(n, m, v) for v, ns in MEMBERS.get(name, {}).items() for n, m in ns.items()),
        rpc=tuple(RpcFact(n, since=v) for v, ns in RPC.get(name, {}).items() for n in ns),
        event_routes=tuple(EventRouteFact(n, v) for v, ns in EVENTS.get(name, {}).items() for n in ns),
    )
    _check_new(module, added)
    return replace(
        module,
        until=GONE.get(name, ""),
        functions=tuple(sorted([*functions, *added.functions], key=lambda f: (f.name, f.arity))),
        params=tuple(sorted([*params, *added.params], key=lambda p: p.name)),
        variables=tuple(sorted([*module.variables, *added.variables], key=lambda v: v.name)),
        transformations=tuple(sorted([*module.transformations, *added.transformations], key=lambda t: t.name)),
        rpc=tuple(sorted([*module.rpc, *added.rpc], key=lambda r: r.name)),
        event_routes=tuple(sorted([*module.event_routes, *added.event_routes], key=lambda e: e.name)),
    )


def _function(name: str, arity: tuple[int, ...], version: str) -> FunctionFact:
    return FunctionFact(name, arity, ROUTES.get(name, (ANY,)), since=version)


def _dynamic(module: str, fact: FunctionFact) -> tuple[FunctionFact, ...]:
    """A function split into the arities that stay constant and those that later take any expression."""
    listed = DYNAMIC.get(module, {})
    if fact.name not in listed or not fact.constant:
        return (fact,)
    chosen = listed[fact.name] or fact.arity
    parts = (
        replace(fact, arity=tuple(a for a in fact.arity if a not in chosen)),
        replace(fact, arity=tuple(a for a in fact.arity if a in chosen), dynamic_since=LATER),
    )
    return tuple(part for part in parts if part.arity)


def _check_new(old: Declared, added: Declared) -> None:
    """A name of this list that 5.6.3 has already is a mistake here."""
    calls = {(f.name, a) for f in old.functions for a in f.arity}
    known = {f.name for f in old.functions}
    again = [f.name for f in added.functions if (f.name in known and not f.arity) or any((f.name, a) in calls for a in f.arity)]
    again += {v.name for v in old.variables} & {v.name for v in added.variables}
    again += {p.name for p in old.params} & {p.name for p in added.params}
    again += {r.name for r in old.rpc} & {r.name for r in added.rpc}
    if again:
        raise ValueError(f"{old.name}: not newer than 5.6.3: {again}")
