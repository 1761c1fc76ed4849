"""Boundary lines of changed bodies."""

import pytest

from sroute.sip.boundaries import BODY_MULTIPART, finish
from sroute.sip.message import Message
from sroute.sip.relay import apply_changes


def message(body: str, kind: str = 'multipart/mixed;boundary="b"') -> Message:
    """A message with that body, which a function has changed."""
    text = (
        "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
        f"Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    made = Message(text)
    made.iflags |= BODY_MULTIPART
    return made


@pytest.mark.parametrize(
    ("body", "finished"),
    [
        ("--b\r\none\r\n--b\r\n", "--b\r\none\r\n--b--\r\n"),
        ("--b\r\none\r\n--b--\r\n", "--b\r\none\r\n--b--\r\n"),
        ("before\r\n--b\r\none\r\n--b--\r\ntwo\r\n--b\r\nbehind", "--b\r\none\r\n--b\r\ntwo\r\n--b--\r\n"),
    ],
)
def test_finished(body: str, finished: str) -> None:
    changed = message(body)
    text = apply_changes(changed)
    assert text.endswith(f"\r\n\r\n{finished}")
    assert f"Content-Length: {len(finished)}\r\n" in text
    assert not changed.iflags & BODY_MULTIPART


@pytest.mark.parametrize(
    ("body", "kind"), [("--b\r\none", "multipart/mixed;boundary=b"), ("--b\r\none\r\n--b\r\n", "text/plain"), ("", "x/y")]
)
def test_left_alone(body: str, kind: str) -> None:
    changed = message(body, kind)
    finish(changed)
    assert not changed.body_lumps
    assert changed.iflags & BODY_MULTIPART
