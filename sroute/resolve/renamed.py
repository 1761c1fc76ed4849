"""What has another name now, or is gone: modules, parameters and functions of older versions."""

MODULES = {
    "cpl-c": "cplc",
    "janssonrpc-c": "janssonrpcc",
    "jsonrpc-c": "jsonrpcc",
    "jsonrpc-s": "jsonrpcs",
    "userblacklist": "userblocklist",
    "malloc_test": "misctest",
    "mi_fifo": "jsonrpcs",
    "mi_datagram": "jsonrpcs",
    "mi_rpc": "jsonrpcs",
    "mi_xmlrpc": "xmlrpc",
    "auth_identity": "secsipid",
    "mysql": "db_mysql",
    "postgres": "db_postgres",
    "sqlite": "db_sqlite",
    "dbtext": "db_text",
    "unixodbc": "db_unixodbc",
    "uri": "siputils",
}
PARAMETERS = {
    ("sipcapture", "promiscious_on"): "promiscuous_on",
    ("corex", "network_io_intercept"): "nio_intercept",
    ("corex", "min_msg_len"): "nio_min_msg_len",
    ("corex", "msg_avp"): "nio_msg_avp",
    ("registrar", "nat_flag"): "nat_bflag of usrloc",
    ("auth_db", "plain_password_column"): "password_column",
}
FUNCTIONS = {
    "http_query": "http_client_query",
    "ring_insert_callid": "the dialog of the call",
    "force_rtp_proxy": "rtpproxy_manage",
    "unforce_rtp_proxy": "rtpproxy_destroy",
    "t_write_req": "evapi or jsonrpcc",
    "t_write_unix": "evapi or jsonrpcc",
}
