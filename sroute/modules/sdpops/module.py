"""The sdpops module itself, and the session description of a message as its functions see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sroute.exports.module import Module
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.sip import multipart, sdp
from sroute.sip.message import Message
from sroute.sip.sdp import Media, Session


@dataclass(frozen=True, slots=True)
class Description:
    """The description of a message: its offsets and sessions; none in a multipart/mixed body without one."""

    start: int
    end: int
    sessions: list[Session]

    @property
    def media(self) -> Iterator[Media]:
        """The media of all sessions."""
        return (media for session in self.sessions for media in session.media)

    def text(self, message: Message) -> str:
        """The description as it is written."""
        return message.text[self.start : self.end]


NONE = Description(0, 0, [])
"""What stands for a message without a body."""


@dataclass(slots=True)
class SdpOps:
    """The instance that the module serves."""

    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "sdpops", run.at)

    def look(self, run: Run, *, quiet: bool = False) -> Description | None:
        """The description; NONE without a body, None with a complaint when the body is none."""
        found = self.described(run)
        if found is None and not quiet:
            self.complain(run, "Unable to parse sdp")
        return found

    def described(self, run: Run) -> Description | None:
        """The same, with the complaints of the core alone."""
        found = describe(run.message)
        if found is None and (part := multipart.find(run.message, "application/sdp")) is not None:
            for text in sdp.complaints(run.message.text, part.start, part.end):
                self.instance.diag("ERROR", text, "core", run.at)
        return found


def describe(message: Message) -> Description | None:
    """The description of a message; NONE without a body, None when the body is none."""
    if message.body_start < 0 or not message.complete or message.body_start >= len(message.text):
        return NONE
    kind = multipart.content_type(message.value("content-type"))
    if kind not in ("application/sdp", "multipart/mixed"):
        return None
    part = multipart.find(message, "application/sdp")
    if part is None:
        return Description(message.body_start, message.body_start, [])
    end = part.end if kind == "application/sdp" else part.outer_end
    found = sdp.parse(message.text, part.start, end)
    return None if found is None else Description(part.start, end, found.sessions)


sdpops = Module("sdpops", SdpOps, "Tests and changes of session descriptions: media, codecs, lines, the session version.")


def _init(state: SdpOps, scope: Any) -> None:
    state.services = scope.services


sdpops.hooks.init.append(_init)
