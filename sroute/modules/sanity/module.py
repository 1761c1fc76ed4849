"""The sanity module itself: its parameters, and the reply that it makes or keeps."""

from dataclasses import dataclass, field
from typing import Any

from sroute.exports.module import Module
from sroute.modules import sl
from sroute.runtime.run import Run
from sroute.runtime.services import Services

_BLANK = " \t\r\n"
_KEY = "sanity"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a message, as a reply tells it; without a code nothing may be answered."""

    code: int = 0
    reason: str = ""


@dataclass(slots=True)
class Sanity:
    """The module's parameters."""

    autodrop: int = 1
    default_checks: int = 999
    noreply: int = 0
    proxy_require: str = ""
    uri_checks: int = 7
    services: Services | None = None
    extensions: list[str] = field(default_factory=list)

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str, level: str = "WARNING") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "sanity", run.at)

    def answer(self, run: Run, code: int, reason: str) -> None:
        """Answers with a reply, or keeps it for sanity_reply(); a reply and an ACK are not answered."""
        message = run.message
        if not message.is_request or message.method == "ACK":
            return
        if self.noreply:
            run.extra[_KEY] = (message.number, Verdict(code, reason))
        elif not self.send(run, code, reason):
            self.complain(run, f"failed to send {code} via sl reply")

    def send(self, run: Run, code: int, reason: str) -> bool:
        """Sends a reply by sl, or by the transaction where there is one."""
        replies = self.instance.state("sl")
        assert isinstance(replies, sl.Stateless)
        sent: int = sl.send_reply(replies, run, code, reason)
        return sent > 0

    def kept(self, run: Run) -> Verdict | None:
        """The reply that waits for this message."""
        found = run.extra.get(_KEY)
        if isinstance(found, tuple) and found[0] == run.message.number and isinstance(found[1], Verdict):
            return found[1]
        return None

    def silence(self, run: Run) -> None:
        """Nothing is to be answered to this message."""
        run.extra[_KEY] = (run.message.number, Verdict())

    def forget(self, run: Run) -> None:
        """Drops the reply that waits."""
        run.extra.pop(_KEY, None)


def parse_list(text: str) -> list[str]:
    """The values of a list with commas, without blanks around them; none for an empty text."""
    stripped = text.strip(_BLANK)
    return [value.strip(_BLANK) for value in stripped.split(",")] if stripped else []


sanity = Module("sanity", Sanity, "Checks whether a message is sane, and answers when it is not.")
sanity.setting("autodrop", "int", doc="A failed check ends the script (1), else it gives -1 (0).")
sanity.setting("default_checks", "int", doc="The checks of sanity_check() without arguments (999).")
sanity.setting("noreply", "int", doc="A failed check does not answer but keeps the reply for sanity_reply() (0).")
sanity.setting("proxy_require", "str", doc="The extensions that Proxy-Require may ask for, separated by commas.")
sanity.setting("uri_checks", "int", doc="Which URIs are checked by default: 1 request URI, 2 From, 4 To, 8 Contact (7).")


def _init(state: Sanity, scope: Any) -> None:
    state.services = scope.services
    state.extensions = parse_list(state.proxy_require)


sanity.hooks.init.append(_init)
