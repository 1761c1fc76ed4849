"""Every exception that a user of sroute can meet.

SrouteError
 ├── UsageError          wrong options, a file that can't be read (exit status 2)
 ├── MessageError        bytes that Kamailio's core would not take as a SIP message
 ├── ScriptError         the script is refused; carries the diagnostics (exit status 1)
 ├── NotSimulatedError   a function that is only declared was called without a stub
 └── StepLimitError      a message took more steps than allowed
"""

from collections.abc import Sequence


class SrouteError(Exception):
    """Base of all errors that sroute raises on purpose."""


class UsageError(SrouteError):
    """The command or the call was used wrongly, or a file can't be read."""


class MessageError(SrouteError):
    """The bytes are no SIP message that Kamailio's core would hand to a request or reply route.

    stage says what was wrong: the `first line`, the `via`, or other relevant `headers`; in the last case partial is the
    message as far as it could be read (core:pre-routing still sees it).
    """

    def __init__(self, why: str, stage: str = "first line", partial: object = None) -> None:
        """why is for people."""
        super().__init__(why)
        self.stage = stage
        self.partial = partial


class ScriptError(SrouteError):
    """A script that Kamailio would refuse; findings are sroute.source.diagnostic.Diagnostic objects."""

    def __init__(self, name: str, findings: Sequence[object]) -> None:
        """name is that of the script's file."""
        first = next((f for f in findings if getattr(f, "severity", "") == "error"), None)
        super().__init__(f"{name} is refused: {getattr(first, 'message', 'it does not start')}")
        self.findings = tuple(findings)


class NotSimulatedError(SrouteError):
    """A script called something that sroute knows but does not simulate."""


class StepLimitError(SrouteError):
    """A message, timer or event took more steps than the limit allows."""
