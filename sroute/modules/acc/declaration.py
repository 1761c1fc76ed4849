"""The acc module itself: its parameters, and what it makes of them at the start."""

from dataclasses import dataclass, field

from sroute.db.database import Database
from sroute.exports.fixups import Arg, Constant, Scope
from sroute.exports.module import InitError, Module
from sroute.modules.acc.extras import Extra, LegPart, extras, leg_parts
from sroute.modules.connection import connect
from sroute.runtime.run import Run
from sroute.runtime.services import Services

TABLE_VERSION = 5

FACILITIES = frozenset(
    f"LOG_{name}"
    for name in (
        *("AUTH", "AUTHPRIV", "CRON", "DAEMON", "FTP", "KERN", "LPR", "MAIL", "NEWS", "SYSLOG", "USER", "UUCP"),
        *(f"LOCAL{number}" for number in range(8)),
    )
)
HIGHEST_FLAG = 31
CHECKED = ("log_flag", "log_missed_flag", "failed_transaction_flag", "db_flag", "db_missed_flag")
"""The flags whose range the start looks at, those of the database only with one."""


@dataclass(slots=True)
class Acc:
    """The module's parameters, and what was made of them."""

    early_media: int = 0
    failed_transaction_flag: int = -1
    failed_filter: str = ""
    report_ack: int = 0
    report_cancels: int = 0
    detect_direction: int = 0
    acc_prepare_flag: int = -1
    acc_prepare_always: int = 0
    acc_extra_nullable: int = 0
    multi_leg_info: str = ""
    log_flag: int = -1
    log_missed_flag: int = -1
    log_level: int = 1
    log_facility: str = "LOG_DAEMON"
    log_extra: str = ""
    db_flag: int = -1
    db_missed_flag: int = -1
    db_table_acc: str = "acc"
    db_table_missed_calls: str = "missed_calls"
    db_url: str = ""
    acc_method_column: str = "method"
    acc_from_tag_column: str = "from_tag"
    acc_to_tag_column: str = "to_tag"
    acc_callid_column: str = "callid"
    acc_sip_code_column: str = "sip_code"
    acc_sip_reason_column: str = "sip_reason"
    acc_time_column: str = "time"
    db_extra: str = ""
    db_insert_mode: int = 0
    cdr_enable: int = 0
    time_mode: int = 0
    time_attr: str = ""
    time_exten: str = ""
    time_format: str = "%Y-%m-%d %H:%M:%S"
    reason_from_hf: int = 0
    acc_extra_size: int = 64
    log_extras: tuple[Extra, ...] = ()
    db_extras: tuple[Extra, ...] = ()
    legs: tuple[LegPart, ...] = ()
    filtered: frozenset[int] = frozenset()
    answered_table: Arg[str] = field(default_factory=lambda: Constant("acc"))
    missed_table: Arg[str] = field(default_factory=lambda: Constant("missed_calls"))
    database: Database | None = None
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, text: str, run: Run | None = None) -> None:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "acc", run.at if run is not None else None)


acc = Module("acc", Acc, "Accounts transactions in the log and in a database, as flags of the message say.", requires=("tm",))
acc.setting("early_media", "int", doc="1: provisional answers with a body are accounted, too (0).")
acc.setting("failed_transaction_flag", "int", doc="The flag with which a transaction is accounted although it failed (-1: none).")
acc.setting("failed_filter", "str", doc="Codes of failed transactions that are not accounted, with commas between.")
acc.setting("report_ack", "int", doc="1: the ACK to a 2xx is accounted, too (0).")
acc.setting("report_cancels", "int", doc="1: CANCELs are accounted, too (0).")
acc.setting("detect_direction", "int", doc="1: From and To change places for requests from the callee; needs rr (0).")
acc.setting("acc_prepare_flag", "int", doc="The flag with which a transaction may be marked later, in routes of tm (-1: none).")
acc.setting("acc_prepare_always", "int", doc="1: every transaction may be marked later (0).")
acc.setting("acc_extra_nullable", "int", doc="1: a value that is null becomes NULL in the database (0: the empty text).")
acc.setting("multi_leg_info", "str", doc="The AVPs of a leg: `column=$avp(x);...`; each set of their values is one leg.")
acc.setting("log_flag", "int", doc="The flag with which a transaction is accounted in the log (-1: none).")
acc.setting("log_missed_flag", "int", doc="The flag with which a missed call is accounted in the log (-1: none).")
acc.setting("log_level", "int", doc="The level of these lines (1: NOTICE).")
acc.setting("log_facility", "str", doc="The facility of syslog that takes them; has no effect here.")
acc.setting("log_extra", "str", doc="More values for the log: `name=$pv;...`.")
acc.setting("db_flag", "int", doc="The flag with which a transaction is accounted in the database (-1: none).")
acc.setting("db_missed_flag", "int", doc="The flag with which a missed call is accounted in the database (-1: none).")
acc.setting("db_table_acc", "str", doc="The table for answered transactions; may hold variables (acc).")
acc.setting("db_table_missed_calls", "str", doc="The table for missed calls; may hold variables (missed_calls).")
acc.setting("db_url", "str", doc="The database (none).")
for _part in ("method", "from_tag", "to_tag", "callid", "sip_code", "sip_reason", "time"):
    acc.setting(f"acc_{_part}_column", "str", doc=f"The column with that part of a record ({_part}).")
acc.setting("db_extra", "str", doc="More columns: `column=$pv;...`.")
acc.setting("db_insert_mode", "int", doc="How rows are inserted: 0 plain, 1 delayed, 2 asynchronous; makes no difference here (0).")
acc.setting("cdr_enable", "int", doc="1: call data records at the end of dialogs; needs dialog (0).")
acc.setting("time_mode", "int", doc="The time once more: 1 microseconds, 2 with milliseconds, 3 local, 4 UTC by time_format (0: not).")
acc.setting("time_attr", "str", doc="Its name in the log or its column.")
acc.setting("time_exten", "str", doc="With time_mode 1: the name or column of the microseconds.")
acc.setting("time_format", "str", doc="The format of time_mode 3 and 4 (%Y-%m-%d %H:%M:%S).")
acc.setting("reason_from_hf", "int", doc="1: the reason is that of the Reason header, where there is one (0).")
acc.setting("acc_extra_size", "int", doc="How many extra values there may be (64).")


def _init(state: Acc, scope: Scope) -> None:
    state.services = scope.services
    if state.log_facility not in FACILITIES:
        raise InitError("invalid log facility configured")
    for name in CHECKED if state.db_url else CHECKED[:3]:
        if not -1 <= getattr(state, name) <= HIGHEST_FLAG:
            raise InitError(f"{name} set to invalid value")
    state.filtered = _codes(state.failed_filter)
    if state.detect_direction and not state.instance.loaded("rr"):
        raise InitError("can't load RR API")
    state.legs = leg_parts(state.multi_leg_info, "multi_leg_info", scope)
    state.log_extras = extras(state.log_extra, "log_extra", scope)
    state.db_extras = extras(state.db_extra, "db_extra", scope)
    if state.db_url:
        state.answered_table = scope.text(scope.names.format(state.db_table_acc))
        state.missed_table = scope.text(scope.names.format(state.db_table_missed_calls))
        state.database = connect(state.db_url, state.instance, {}, without="nothing is accounted in the database")
    if state.cdr_enable:
        if not state.instance.loaded("dialog"):
            raise InitError("can't load dialog API")
        state.instance.note("acc: call data records are not written: dialog is not simulated")


def _codes(text: str) -> frozenset[int]:
    found = set()
    for part in text.split(",") if text else ():
        digits = part.strip()
        if len(digits) != 3 or not digits.isdigit():
            raise InitError("failed to parse failed_filter param")
        if not 300 <= int(digits) <= 999:
            raise InitError(f"invalid response code {digits} in failed_filter")
        found.add(int(digits))
    return frozenset(found)


acc.hooks.init.append(_init)
