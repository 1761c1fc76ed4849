"""What the rules know of functions and variables beyond their declarations: who replies, relays, logs, what comes from outside."""

from sroute.resolve.shapes import words

FINAL = ("sl_send_reply", "send_reply", "t_reply", "sl_reply", "send_reply_mode", "t_reply_callid")
"""Functions that send a reply whose code is the first argument."""
STATELESS_REPLY = frozenset(["sl_send_reply", "sl_reply", "sl_reply_error"])
CHALLENGES = frozenset(["auth_challenge", "www_challenge", "proxy_challenge"])
"""Functions that send a final reply of their own."""
RELAYS = frozenset(
    words(
        "t_relay t_relay_to t_relay_to_udp t_relay_to_tcp t_relay_to_tls t_relay_to_sctp t_forward_nonack "
        "t_forward_nonack_udp t_forward_nonack_tcp t_forward_nonack_tls t_forward_nonack_sctp t_forward_nonack_uri "
        "t_replicate"
    )
)
"""Functions of tm that send the request on."""
FORWARDS = frozenset(words("forward forward_udp forward_tcp forward_tls forward_sctp send send_tcp"))
"""The core's own, stateless ones."""
LOGGERS = frozenset(words("xlog xlogl xlogm xlogml xinfo xdbg xerr xwarn xnotice xcrit xalert xbug slog log"))
ARMED = {
    "t_on_failure": ("failure", "failure_route"),
    "t_on_branch": ("branch", "branch_route"),
    "t_on_reply": ("onreply", "onreply_route"),
    "t_on_branch_failure": ("event", "event_route[tm:branch-failure:...]"),
}
"""Functions that name a block to be run later, with its kind."""
ALWAYS_TRUE = frozenset(
    words(
        "xlog xlogl xlogm xinfo xdbg xerr xwarn xnotice xcrit xalert log setflag resetflag t_on_failure t_on_branch "
        "t_on_reply force_rport add_rr_param set_reply_no_connect set_reply_close t_set_fr append_hf insert_hf "
        "remove_hf"
    )
)
PREDICATES = frozenset(
    words(
        "is_method has_totag is_present_hf isflagset isbflagset is_first_hop is_request is_reply has_body "
        "t_check_trans t_is_set t_is_canceled is_user_in is_direction nat_uac_test t_check_status check_route_param "
        "sht_match_name sht_has_name sht_match_str_value sht_has_str_value starts_with is_known_dlg search "
        "search_body t_any_replied t_any_timeout t_is_local t_branch_timeout t_branch_replied is_null is_int "
        "has_credentials is_audio_on_hold isdsturiset is_maxfwd_lt t_lookup_request t_lookup_cancel is_in_subnet "
        "is_ip_rfc1918 is_ipv4 is_ipv6 is_ip cmp_uri cmp_aor cmp_str cmp_istr"
    )
)
"""Functions that ask something and for which false is an ordinary answer."""
FROM_OUTSIDE = frozenset(
    words(
        "ru rU ruri rz fu fU fd fn ft tu tU td tn tt hdr hfl hdrc rb ua ci cs ct ou oU od oP pU pd pu pn di dic dip "
        "din re rm mb mbu au ad ar aU aR aa adu nu nU nd T_req T_rpl hu sdp rr rs fti ai cT ctu msg hfitidx hdritn "
        "via0 via1 x_hdr sel fpj rPl nh rdir rdn Ri msgbuf"
    )
)
"""Variables whose text is chosen by whoever sent the message."""
SANE = frozenset(words("si sp Ri Rp Rn Rut proto pr af rmid cnt ml bs cl sas rp oP"))
"""Variables from the network or the message that can hold only addresses, numbers or words."""
STORES = frozenset(["var", "vn", "vz", "avp", "xavp", "xavu", "xavi", "sht", "shv", "dlg_var"])
"""Variables of the script."""
IDENTITY = frozenset(["p-asserted-identity", "remote-party-id", "p-preferred-identity"])
METHODS = words("INVITE ACK BYE CANCEL REGISTER OPTIONS SUBSCRIBE NOTIFY PUBLISH MESSAGE INFO UPDATE REFER PRACK KDMQ GET POST PUT DELETE")
HEADERS = words(
    "Accept Accept-Contact Accept-Disposition Accept-Encoding Accept-Language Alert-Info Allow Allow-Events Authentication- "
    "Info Authorization Call-ID Call-Info Contact Content-Disposition Content-Encoding Content-Language Content-Length "
    "Content-Type CSeq Date Diversion Error-Info Event Expires From History-Info Identity Identity-Info In-Reply-To Join Max- "
    "Expires Max-Forwards MIME-Version Min-Expires Min-SE Organization P-Access-Network-Info P-Asserted-Identity "
    "P-Associated-URI P-Called-Party-ID P-Charging-Vector P-Preferred-Identity P-Visited-Network-ID Path Priority Privacy "
    "Proxy-Authenticate Proxy-Authorization Proxy-Require RAck Reason Record-Route Refer-To Referred-By Reject-Contact "
    "Remote-Party-ID Replaces Reply-To Request-Disposition Require Retry-After Route RSeq Server Service-Route Session- "
    "Expires SIP-ETag SIP-If-Match Subject Subscription-State Supported Timestamp To Unsupported User-Agent User-to-User Via "
    "Warning WWW-Authenticate"
)
"""Header names that everybody knows."""
NULLABLE = frozenset(["avp", "xavp", "xavu", "xavi", "vn", "sht", "dlg_var"])
"""Variables of the script that are null until something is stored."""
SQL = {"sql_query": 1, "sql_xquery": 1, "sql_pvquery": 1, "sql_query_async": 1, "avp_db_query": 0}
"""Functions that send SQL, with the number of the argument that holds it."""
SHELL = {"exec_cmd": 0, "exec_msg": 0, "exec_dset": 0, "exec_avp": 0}
"""Functions that run a command, likewise."""
HEADER = {"append_hf": 0, "insert_hf": 0, "append_to_reply": 0, "append_hf_value": 1, "insert_hf_value": 1, "assign_hf_value": 1}
"""Functions that write a header, likewise."""
REASON = {"sl_send_reply": 1, "send_reply": 1, "t_reply": 1, "sl_reply": 1}
"""Functions that write a reason phrase, likewise."""
PATTERN = {"sht_rm_name_re": 0, "sht_rm_value_re": 0, "subst": 0, "subst_uri": 0, "subst_user": 0, "search": 0, "search_body": 0}
"""Functions whose argument is a regular expression, likewise."""
DECIDING = frozenset(["si", "sp", "siz", "su", "sas", "fu", "fU", "fd", "au", "ad", "ua", "Ri", "pr", "proto"])
"""Variables by which a script decides who may come in."""
DOMAINS = frozenset(["rd", "fd", "td", "od", "ad", "dd"])
HOSTS = frozenset(["rd", "fd", "td", "od", "pd"])
"""Hosts of URIs: nothing but letters, digits, dots and the like passes the parser, the whole URI is null otherwise."""
TEXTUAL = (FROM_OUTSIDE | DOMAINS) - frozenset(["hdrc", "rs", "mb", "T_rpl", "T_req", "sel", "msg", "hfl"])
"""Variables that hold text and hardly ever a number."""
USERS = frozenset(["rU", "fU", "tU", "oU", "au", "pU"])
ADDRESSES = frozenset(["si", "Ri", "nhi", "sndto", "rcv"])
AUTHENTICATES = frozenset(
    words(
        "auth_check www_authenticate proxy_authenticate www_authorize proxy_authorize pv_www_authenticate pv_proxy_authenticate "
        "pv_auth_check is_subscriber autheph_check autheph_www autheph_proxy radius_www_authorize radius_proxy_authorize "
        "auth_xkeys_check secsipid_check"
    )
)
"""Functions that are true for a sender who has proven who he is."""
TRUSTS = frozenset(
    words(
        "allow_source_address allow_source_address_group allow_trusted allow_address allow_address_group allow_routing allow_uri "
        "is_domain_local is_from_local is_uri_host_local is_myself ds_is_from_list is_in_subnet has_totag loose_route t_check_trans "
        "loose_route_preloaded from_gw from_any_gw dp_can_connect lookup_domain is_ip_rfc1918 is_audio_on_hold rtpengine_dummy "
        "allow_register is_known_dlg t_lookup_cancel t_relay_cancel check_from check_to check_uri"
    )
)
"""Functions that are true for a sender or a target that is known, or for a request inside of a dialog."""
CHOOSES = frozenset(
    words(
        "lookup lookup_branches reg_fetch_contacts ds_select_dst ds_select_domain ds_select ds_next_dst ds_next_domain alias_db_lookup "
        "load_gws next_gw do_routing use_next_gw cr_route prefix_route enum_query pdt_translate mt_match dp_translate lost_query "
        "handle_ruri_alias append_branch t_load_contacts t_next_contacts sd_lookup rewritehost sethost sethostport sethostporttrans seturi"
    )
)
"""Functions that choose the target of a request."""
HANDLES = frozenset(
    words(
        "save handle_publish handle_subscribe t_suspend t_release t_drop xhttp_reply jsonrpc_dispatch dispatch_rpc ws_handle_handshake "
        "dmq_handle_message async_route async_task_route m_store imc_manager sip_capture msrp_relay t_send_reply t_replicate "
        "t_uac_send mf_remove cpl_run_script cpl_process_register http_async_query rls_handle_subscribe jwt_verify evapi_async_relay "
        "pua_set_publish sipdump_send lrkproxy_manage sca_handle_subscribe t_relay_cancel t_check_trans uac_reg_request_to"
        " lua_run lua_runstring lua_dofile lua_dostring python_exec python3_exec ruby_run jsdt_run perl_exec sqlang_run mono_run"
    )
)
"""Functions that answer a request themselves or hand it to somebody."""
QUIET = frozenset(
    words(
        "rtpengine_manage rtpengine_offer rtpengine_answer rtpengine_delete rtpproxy_manage rtpproxy_offer rtpproxy_answer "
        "unforce_rtp_proxy "
        "dlg_manage dlg_setflag dlg_resetflag dlg_set_property acc_log_request acc_db_request sip_trace fix_nated_register "
        "fix_nated_contact "
        "fix_nated_sdp add_rcv_param set_contact_alias handle_ruri_alias add_contact_alias force_rport setdebug consume_credentials "
        "set_advertised_address radius_load_caller_avps msg_apply_changes xlogl"
    )
)
"""Functions that say nothing to the sender, whatever else they do."""
