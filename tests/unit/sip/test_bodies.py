"""Bodies: multipart ones and session descriptions."""

import pytest

from sroute.sip import multipart, sdp
from sroute.sip.message import Message
from tests.unit.sip.recordings import Case, label, load


@pytest.mark.parametrize("case", load("sdp"), ids=label)
def test_descriptions_as_recorded(case: Case) -> None:
    found = sdp.of(Message(case["message"]))
    assert (found is not None) == ("content 1" in case["log"])
    if found is None:
        return
    seen, media = ["content 1"], found.media
    seen += [kind for kind in ("audio", "video") if any(one.kind.lower() == kind for one in media)]
    if any(one.kind.lower() == "audio" and one.port_number and one.mode != "inactive" for one in media):
        seen.append("active")
    seen += [codec.lower() for codec in ("PCMU", "PCMA") if any(one.payloads(codec) for one in media)]
    if any("101" in one.formats for one in media):
        seen.append("101")
    if len({one.transport for one in media}) == 1:
        seen.append(f"tr {media[0].transport}")
    seen += [f"get {found.end - found.start}", f"ver {found.sessions[0].version}"]
    if any(one.attributes("candidate") for one in media):
        seen.append("ice")
    where = found.sessions[0].address_of(media[0])
    assert where is not None
    assert [*seen, f"af {where.family[2:]}"] == case["log"]


SDP = (
    "v=0\r\no=- 1 2 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 224.1.1.1/127\r\nt=0 0\r\na=sendonly\r\n"
    "m=audio 4000/2 RTP/AVP 0 8 96\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 x=1\r\na=ptime:20\r\n"
    "m=video 0 RTP/SAVP 97\r\nc=IN IP6 2001:db8::1\r\na=inactive\r\n"
)


def test_parts_of_a_description() -> None:
    found = sdp.parse(f"xx{SDP}yy", 2, 2 + len(SDP))
    assert found is not None
    (session,), (audio, video) = found.sessions, found.media
    assert (session.mode, audio.mode, video.mode) == ("sendonly", None, "inactive")
    assert (audio.port, audio.port_number, audio.transport, audio.formats) == ("4000/2", 4000, "RTP/AVP", ["0", "8", "96"])
    assert (audio.codec("96"), audio.codec("8"), audio.codec("50")) == ("opus", "PCMA", None)
    assert audio.payloads("OPUS") == ["96"]
    assert audio.attribute("ptime") == "20"
    assert audio.attribute("none") is None
    text = f"xx{SDP}yy"
    for block, ip in ((session.origin, "10.0.0.1"), (session.connection, "224.1.1.1"), (session.address_of(video), "2001:db8::1")):
        assert block is not None
        assert block.ip == ip
        assert text[block.start : block.start + len(ip)] == ip
    assert session.address_of(audio) == session.connection
    assert text[audio.start : audio.end].startswith("m=audio")
    assert text[audio.start : audio.end].endswith("a=ptime:20\r\n")
    assert session.last == len(text) - 2


def request(content_type: str, body: str) -> Message:
    return Message(
        "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: c1\r\n"
        f"CSeq: 1 INVITE\r\n{content_type}\r\n{body}"
    )


MULTIPART = (
    "preamble\r\n--b 1\r\nContent-Type: Application/SDP;x=y\r\nContent-ID: <1>\r\n\r\nv=0\r\n\r\n--b 1\r\n\r\nplain --b 1\r\n"
    "--b 1\r\nc: application/isup\r\n\r\n\x00\x01\xff\r\n--b 1--\r\nend"
)


def test_parts_of_a_multipart_body() -> None:
    message = request('Content-Type: multipart/Mixed; boundary="b 1"\r\n', MULTIPART)
    parts = multipart.parts(message)
    assert [(part.type, message.text[part.start : part.end]) for part in parts] == [
        ("application/sdp", "v=0\r\n"),
        ("text/plain", "plain --b 1"),
        ("application/isup", "\x00\x01\xff"),
    ]
    assert parts[0].headers == (("content-type", "Application/SDP;x=y"), ("content-id", "<1>"))
    assert message.text[parts[1].outer_start : parts[1].outer_end] == "--b 1\r\n\r\nplain --b 1\r\n"
    assert multipart.find(message, "application/isup") == parts[2]
    assert multipart.find(message, "x/y") is None


def test_a_part_that_is_not_closed_goes_to_the_end() -> None:
    message = request("Content-Type: multipart/mixed;boundary=b\r\n", "--b\r\n\r\nabc\r\n")
    assert [message.text[part.start : part.end] for part in multipart.parts(message)] == ["abc\r\n"]


def test_a_plain_body_is_one_part() -> None:
    (part,) = multipart.parts(request("Content-Type: text/PLAIN ; charset=utf-8\r\n", "abc"))
    assert part.type == "text/plain"
    assert part.end - part.start == 3
    assert multipart.parts(request("", "")) == []
    assert multipart.parts(request("", "x"))[0].type == ""
    assert multipart.parts(request("Content-Type: multipart/mixed\r\n", "--b\r\n\r\nabc"))[0].type == "multipart/mixed"
