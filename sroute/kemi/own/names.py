"""Functions of KSR that do what a script function of another name does, and those that read a variable."""

from sroute.exports.fixups import PvRef
from sroute.kemi.calls import Implementation, Offer, Result
from sroute.kemi.engine import Context
from sroute.kemi.own.variables import value, value_or
from sroute.modules.corex import files
from sroute.modules.corex.module import CoreExtras
from sroute.runtime.values import Value

_ALIASES = """
alias_db.lookup alias_db_lookup
alias_db.lookup_ex alias_db_lookup
app_lua.run lua_run
app_lua.run_p1 lua_run
app_lua.run_p2 lua_run
app_lua.run_p3 lua_run
app_python3.exec python_exec
app_python3.exec_p1 python_exec
debugger.dbg_pv_dump_ex dbg_pv_dump
nathelper.fix_nated_sdp_ip fix_nated_sdp
speeddial.lookup sd_lookup
speeddial.lookup_owner sd_lookup
tm.t_drop_replies_all t_drop_replies
tm.t_relay_to_flags t_relay_to
uri_db.check_uri_realm check_uri
corex.append_branch_uri append_branch
corex.append_branch_uri_q append_branch
counters.add cnt_add
counters.inc cnt_inc
counters.reset cnt_reset
dmq.bcast_message dmq_bcast_message
dmq.handle_message dmq_handle_message
dmq.handle_message_rc dmq_handle_message
dmq.is_from_node dmq_is_from_node
dmq.process_message dmq_process_message
dmq.process_message_rc dmq_process_message
dmq.send_message dmq_send_message
dmq.t_replicate dmq_t_replicate
dmq.t_replicate_mode dmq_t_replicate
domain.lookup_domain_prefix lookup_domain
ipops.ip_is_in_subnet is_in_subnet
ipops.is_ip4 is_ipv4
ipops.is_ip6 is_ipv6
ipops.is_ip6_reference is_ipv6_reference
jansson.get jansson_get
jsonrpcs.dispatch jsonrpc_dispatch
jsonrpcs.exec jsonrpc_exec
nathelper.add_contact_alias_addr add_contact_alias
nathelper.handle_ruri_alias_mode handle_ruri_alias
nathelper.set_contact_alias_trim set_contact_alias 1
pipelimit.pl_check_limit pl_check
pipelimit.pl_drop_range pl_drop
pipelimit.pl_drop_retry pl_drop
registrar.lookup_uri lookup
registrar.registered_action registered
registrar.registered_flags registered
registrar.registered_uri registered
registrar.save_uri save
registrar.unregister_ruid unregister
rr.next_hop_route rr_next_hop_route
rr.record_route_params record_route
rr.record_route_preset_one record_route_preset
sanity.sanity_check_defaults sanity_check
sdpops.keep_codecs_by_id sdp_keep_codecs_by_id
sdpops.keep_codecs_by_name sdp_keep_codecs_by_name
sdpops.remove_codecs_by_id sdp_remove_codecs_by_id
sdpops.remove_codecs_by_name sdp_remove_codecs_by_name
sdpops.remove_line_by_prefix sdp_remove_line_by_prefix
sdpops.remove_media sdp_remove_media
sdpops.sdp_content_flags sdp_content
siputils.is_first_hop_mode is_first_hop
siputils.uri_param_value uri_param
textops.append_body_part_cd append_body_part
textops.append_body_part_hex_cd append_body_part_hex
textops.has_body_type has_body
textops.set_body_multipart_boundary set_body_multipart
textops.set_body_multipart_content set_body_multipart
textopsx.fnmatch_ex fnmatch
textopsx.keep_hf_re keep_hf
tm.ki_t_load_contacts_mode t_load_contacts
tm.t_lookup_cancel_flags t_lookup_cancel
tm.t_relay_to_proxy t_relay_to
tm.t_relay_to_proxy_flags t_relay_to
tm.t_set_fr_inv t_set_fr
tmx.t_cancel_callid_reason t_cancel_callid
tmx.t_drop_rcode t_drop
uac.uac_replace_from_uri uac_replace_from
uac.uac_replace_to_uri uac_replace_to
"""


def _aliases() -> dict[tuple[str, str], tuple[str, tuple[int, ...]]]:
    found = {}
    for line in _ALIASES.split("\n"):
        if line:
            place, name, *extra = line.split()
            module, _, known = place.partition(".")
            found[module, known] = name, tuple(map(int, extra))
    return found


ALIASES = _aliases()
"""(table, name) in KSR: the script function, and the arguments that it gets behind the given ones."""

RESULTS: dict[tuple[str, str], dict[int, int]] = {
    ("sanity", "sanity_check"): {0: -1},
    ("sanity", "sanity_check_defaults"): {0: -1},
    ("textops", "remove_hf"): {-1: 1},
    ("textopsx", "fnmatch"): {1: 0},
    ("textopsx", "fnmatch_ex"): {1: 0},
    ("mqueue", "mq_size"): {-1: 0, -2: -1},
    ("sqlops", "sql_query"): {1: 0, 2: 0, 3: 0},
    ("sdpops", "sdp_with_media"): {-1: 0},
    ("sdpops", "sdp_with_active_media"): {-1: 0},
    ("sdpops", "remove_codecs_by_id"): {1: 0},
    ("sdpops", "remove_codecs_by_name"): {1: 0},
    ("sdpops", "keep_codecs_by_id"): {1: 0},
    ("sdpops", "keep_codecs_by_name"): {1: 0},
}
"""Where KSR gives another number than the function of the script (5.6.3)."""

extras = Offer()

_READS = {
    ("jsonrpcs", "response"): "$jsonrpl(body)",
    ("textopsx", "hf_iterator_hname"): "$hfitname({0})",
    ("textopsx", "hf_iterator_hbody"): "$hfitbody({0})",
    ("textopsx", "bl_iterator_value"): "$blitval({0})",
    ("sqlops", "sql_num_rows"): "$dbr({0}=>rows)",
    ("sqlops", "sql_num_columns"): "$dbr({0}=>cols)",
    ("xhttp", "get_hu"): "$hu",
}
_DEFAULTS = {"get": None, "gete": "", "getz": 0}


def _reading(text: str, default: int | str | None) -> Implementation:
    return lambda context, *names: value_or(context, text.format(*names), default)


for _place, _text in _READS.items():
    extras.add(*_place)(_reading(_text, None))
for _name in ("mqk", "mqv"):  # 5.6.3 gives null in all three forms
    extras.add("mqueue", f"{_name}_get", f"{_name}_gete", f"{_name}_getw")(_reading(f"${_name}({{0}})", None))
for _end, _default in _DEFAULTS.items():
    extras.add("sqlops", f"sql_result_{_end}")(_reading("$dbr({0}=>[{1},{2}])", _default))


@extras.add("sqlops", "sql_is_null")
def sql_is_null(context: Context, result: str, row: int, column: int) -> Result:
    """1 when a cell of a result is null, 0 when it is not, -1 when there is no such cell."""
    rows, columns = value(context, f"$dbr({result}=>rows)"), value(context, f"$dbr({result}=>cols)")
    if not isinstance(rows, int) or not isinstance(columns, int) or not (0 <= row < rows and 0 <= column < columns):
        return -1
    return 1 if value(context, f"$dbr({result}=>[{row},{column}])") is None else 0


@extras.add("corex", "has_ruri_user")
def has_ruri_user(context: Context) -> Result:
    """1 when the request URI has a user, else -1."""
    uri = context.running.message.parsed_uri
    return 1 if uri is not None and uri.user else -1


@extras.add("corex", "has_user_agent")
def has_user_agent(context: Context) -> Result:
    """1 when there is a User-Agent that says something, else -1."""
    return 1 if context.running.message.value("User-Agent") else -1


@extras.add("corex", "file_read")
def file_read(context: Context, path: str) -> Result:
    """What is in a file, or an empty text."""
    found: list[Value] = []
    state = context.services.state("corex")
    assert isinstance(state, CoreExtras)
    target = PvRef(context.scope.names.pv("$rm"), lambda run: None, lambda run, text: found.append(text))
    return found[0] if files.file_read(state, context.running, path, target) > 0 else ""


@extras.add("tm", "t_get_branch_index")
def branch_index(context: Context) -> Result:
    """The number of the branch in a branch or onreply route; -1 elsewhere."""
    found = value(context, "$T_branch_idx") if context.services.loaded("tmx") else None
    return found if isinstance(found, int) else -1
