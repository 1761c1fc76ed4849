"""Which transactions are accounted, and when: the flags of the request decide at each event."""

from sroute.exports.fixups import Scope
from sroute.modules.acc import records
from sroute.modules.acc.declaration import Acc, acc
from sroute.modules.acc.records import Event
from sroute.modules.rr.direction import is_upstream
from sroute.modules.tm import routes
from sroute.modules.tm.binding import Tm
from sroute.modules.tm.following import reply_tag
from sroute.modules.tm.reasons import REASONS
from sroute.modules.tm.transaction import Answer, Branch, Transaction, is_message
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.sip.message import Message

ANSWERED, MISSED, ACKNOWLEDGED = "transaction answered", "call missed", "request acknowledged"


class Accountant:
    """Follows transactions for acc."""

    def __init__(self, state: Acc, tm: Tm) -> None:
        """Both modules of one instance."""
        self.state = state
        self.tm = tm

    def began(self, run: Run, t: Transaction) -> bool:
        """Followed is what a flag asks for now, or may ask for later."""
        state, flags = self.state, run.message.flags
        if t.method == "CANCEL" and not state.report_cancels:
            return False
        asked = (state.log_flag, state.db_flag, state.log_missed_flag, state.db_missed_flag, state.acc_prepare_flag)
        return bool(state.acc_prepare_always) or any(_on(flags, flag) for flag in asked)

    def answered(self, t: Transaction, answer: Answer, code: int, to_tag: str) -> None:
        """A final answer, or early media, was sent; a call whose failure_route has marked it again is missed again."""
        if code >= 300:
            self.failing(t, None, answer, code)
        state, flags = self.state, t.request.flags
        if not self._counts(flags, answer, code):
            return
        to_log, to_database = _on(flags, state.log_flag), _on(flags, state.db_flag)
        if to_log or to_database:
            branch = t.branches[t.relayed_branch] if 0 <= t.relayed_branch < len(t.branches) else None
            run = self._run(t, branch)
            event = self._event(run, to_tag, code, _reason(state, answer, code))
            if to_log:
                records.log(state, run, ANSWERED, event)
            if to_database:
                records.insert(state, run, records.table_of(state, run, missed=False), event)

    def _counts(self, flags: int, answer: Answer, code: int) -> bool:
        state = self.state
        if code >= 300:
            return _on(flags, state.failed_transaction_flag) and code not in state.filtered
        return code >= 200 or bool(state.early_media and is_message(answer) and answer.body)

    def failing(self, t: Transaction, branch: Branch | None, answer: Answer, code: int) -> None:
        """A call was missed; the flags that say so are taken back. A timeout is of no branch."""
        state, flags = self.state, t.request.flags
        to_log, to_database = _on(flags, state.log_missed_flag), _on(flags, state.db_missed_flag)
        if not t.is_invite or not (to_log or to_database):
            return
        run = self._run(t, branch if is_message(answer) else None)
        to_tag = _tag(answer) if is_message(answer) else reply_tag(self.tm, t)
        event = self._event(run, to_tag, code, _reason(state, answer, code))
        if to_log:
            records.log(state, run, MISSED, event)
            t.request.flags &= ~(1 << state.log_missed_flag)
        if to_database:
            records.insert(state, run, records.table_of(state, run, missed=True), event)
            t.request.flags &= ~(1 << state.db_missed_flag)

    def acknowledged(self, t: Transaction, run: Run) -> None:
        """The ACK to an accounted call."""
        state = self.state
        if not state.report_ack:
            return
        flags = t.request.flags | run.message.flags
        seen, _ = routes.prepare(self.tm, t, run.message, Routes.REQUEST)
        seen.at = run.at
        event = self._event(seen, _tag(run.message), t.status, REASONS.get(t.status, ""))
        if _on(flags, state.log_flag):
            records.log(state, seen, ACKNOWLEDGED, event)
        if _on(flags, state.db_flag):
            records.insert(state, seen, records.table_of(state, seen, missed=False), event)

    def _run(self, t: Transaction, branch: Branch | None) -> Run:
        """The request as it was, with the URI of the branch that answered."""
        request = t.request.shadow()
        if branch is not None and branch.uri:
            request.uri = branch.uri
        return routes.prepare(self.tm, t, request, Routes.REQUEST)[0]

    def _event(self, run: Run, to_tag: str, code: int, reason: str) -> Event:
        request = run.message
        from_tag = (request.from_.tag if request.from_ is not None else None) or ""
        if self.state.detect_direction and is_upstream(self.state.instance, run):
            from_tag, to_tag = to_tag, from_tag
        return Event(from_tag, to_tag, str(code), reason)


def _on(flags: int, flag: int) -> bool:
    return flag >= 0 and bool(flags >> flag & 1)


def _tag(message: Message) -> str:
    return (message.to.tag if message.to is not None else None) or ""


def _reason(state: Acc, answer: Answer, code: int) -> str:
    """The phrase of a received answer, or its Reason header; the usual phrase of a code that tm has made up."""
    if not is_message(answer):
        return REASONS.get(code, "Unknown")
    if state.reason_from_hf and (given := answer.value("reason")):
        return given
    return answer.reason


def _begin(state: Acc, scope: Scope) -> None:
    tm = scope.services.state("tm")
    assert isinstance(tm, Tm)
    tm.followers.append(Accountant(state, tm))


acc.hooks.init.append(_begin)
