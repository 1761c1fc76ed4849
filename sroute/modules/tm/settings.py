"""The parameters of tm with their defaults in Kamailio 5.6.3; times are in milliseconds."""

from dataclasses import dataclass


@dataclass(slots=True)
class Settings:
    """What `modparam("tm", ...)` sets."""

    ruri_matching: int = 1
    via1_matching: int = 1
    callid_matching: int = 0
    callid_cseq_matching: int = 0
    fr_timer: int = 30_000
    fr_inv_timer: int = 120_000
    wt_timer: int = 5_000
    retr_timer1: int = 500
    retr_timer2: int = 4_000
    max_inv_lifetime: int = 180_000
    max_noninv_lifetime: int = 32_000
    noisy_ctimer: int = 1
    auto_inv_100: int = 1
    auto_inv_100_reason: str = "trying -- your call is important to us"
    restart_fr_on_each_reply: int = 1
    aggregate_challenges: int = 1
    unmatched_cancel: int = 0
    default_code: int = 500
    default_reason: str = "Server Internal Error"
    reparse_invite: int = 1
    ac_extra_hdrs: str = ""
    cancel_b_method: int = 1
    disable_6xx_block: int = 0
    failure_reply_mode: int = 3
    faked_reply_prio: int = 0
    remap_503_500: int = 1
    failure_exec_mode: int = 0
    local_cancel_reason: int = 1
    e2e_cancel_reason: int = 1
    pass_provisional_replies: int = 0
    relay_100: int = 1
    rich_redirect: int = 0
    reply_relay_mode: int = 0
    enable_uac_fr: int = 0
    contacts_avp: str = ""
    contact_flows_avp: str = ""
    xavp_contact: str = ""
    on_sl_reply: str = ""
    fr_timer_avp: str = ""
    fr_inv_timer_avp: str = ""
    local_ack_mode: int = 0
