"""Pending changes, and how they come out together."""

import pytest

from sroute.sip import lump, relay, tags
from sroute.sip.message import Message
from tests.unit.sip.recordings import CLIENT, SERVER, Case, load

OUT = relay.Outgoing("udp", SERVER, SERVER)
RECORDED = {case["name"]: case for case in load("lumps")}


class Script:
    """The functions of a recorded script, as far as they are changes of the text."""

    def __init__(self, case: Case) -> None:
        self.message = Message(case["message"], CLIENT, SERVER)

    def append(self, line: str, name: str = "") -> None:
        header = self.message.header(name) if name else None
        self.message.lumps.anchor(header.end if header else self.message.eoh).add_before(line)

    def insert(self, line: str, name: str = "") -> None:
        header = (self.message.header(name) if name else None) or self.message.headers[0]
        self.message.lumps.anchor(header.start).add_before(line)

    def remove(self, name: str) -> None:
        for header in self.message.all(name):
            self.message.lumps.delete(header.start, header.end - header.start)

    def subst(self, old: str, new: str) -> None:
        at = self.message.text.index(old, self.message.headers_start)
        self.message.anchors(at).delete(at, len(old)).add_after(new)

    def apply(self) -> None:
        self.message.update(relay.apply_changes(self.message))

    def sent(self) -> str:
        return relay.build_request(self.message, OUT, tags.stateless_branch(self.message))


def order(script: Script) -> None:
    script.append("X-1: 1\r\n")
    script.append("X-2: 2\r\n")
    script.insert("X-3: 3\r\n")
    script.insert("X-4: 4\r\n")
    script.append("X-5: 5\r\n", "To")
    script.append("X-6: 6\r\n", "To")
    script.insert("X-7: 7\r\n", "To")
    script.insert("X-8: 8\r\n", "To")


def removed_then_added(script: Script) -> None:
    script.remove("X-B")
    script.append("X-5: 5\r\n", "X-B")
    script.insert("X-7: 7\r\n", "X-B")
    script.append("X-9: 9\r\n", "CSeq")


def added_then_removed(script: Script) -> None:
    script.append("X-5: 5\r\n", "X-B")
    script.insert("X-7: 7\r\n", "X-B")
    script.remove("X-B")


def applied(script: Script) -> None:
    script.append("X-1: 1\r\n")
    script.apply()
    script.append(f"X-2: {script.message.value('X-1')}\r\n")
    script.remove("X-1")
    script.message.uri = "sip:x@y"
    script.apply()
    assert (script.message.ruri, script.message.value("X-1"), script.message.value("X-2")) == ("sip:x@y", None, "1")


def twice(*pairs: tuple[str, str]) -> object:
    def change(script: Script) -> None:
        for old, new in pairs:
            script.subst(old, new)

    return change


def from_uri_twice(script: Script) -> None:
    sender = script.message.from_
    assert sender is not None
    for start, length, new in ((0, len(sender.uri), "sip:n@m"), (0, len(sender.uri), "sip:o@p"), (4, 1, "u")):
        script.message.lumps.delete(sender.uri_start + start, length).add_after(new)


def removed_twice(script: Script) -> None:
    script.remove("X-B")
    script.remove("X-B")


def removed_and_replaced(script: Script) -> None:
    script.remove("X-B")
    script.subst("two", "X")


def replaced_and_removed(script: Script) -> None:
    script.subst("two", "X")
    script.remove("X-B")


def body_emptied(script: Script) -> None:
    script.message.body_lumps.delete(script.message.body_start, len(script.message.body or ""))


def no_line_end(script: Script) -> None:
    script.append("X-1: 1")


def own_rport(script: Script) -> None:
    script.message.local_rport = True


CHANGES = {
    "order": order,
    "rm+add": removed_then_added,
    "add+rm": added_then_removed,
    "subst2": twice(("one", "uno"), ("one", "eins")),
    "overlap": twice(("one two", "AB"), ("two three", "CD")),
    "overlap2": twice(("two three", "CD"), ("one two", "AB")),
    "inside": twice(("one two three", "ALL"), ("two", "X")),
    "inside2": twice(("two", "X"), ("one two three", "ALL")),
    "rmsub": removed_and_replaced,
    "subrm": replaced_and_removed,
    "rm twice": removed_twice,
    "fu": from_uri_twice,
    "body": twice(("hello", "bye"), ("world", "there all")),
    "rmbody": body_emptied,
    "apply": applied,
    "nocrlf": no_line_end,
    "lrport": own_rport,
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_as_recorded(name: str) -> None:
    script = Script(RECORDED[name])
    CHANGES[name](script)  # type: ignore[operator]
    assert script.sent() == RECORDED[name]["forwarded"]


def test_pending_changes_show_in_the_text_only_when_asked() -> None:
    case = RECORDED["mbu"]
    script = Script(case)
    script.message.uri = "sip:x@y"
    script.append("X-1: 1\r\n")
    script.remove("X-A")
    assert relay.apply_changes(script.message) == case["log"][0]
    assert script.message.value("X-A") == "aaa bbb ccc"
    assert script.message.text == case["message"]


def written(text: str, lumps: lump.Lumps) -> str:
    out: list[str] = []
    position = lump.apply(text, lumps, out, 0)
    assert lump.delta(lumps) == len("".join(out)) + len(text) - position - len(text)
    return "".join(out) + text[position:]


def test_pieces_around_an_anchor() -> None:
    lumps = lump.Lumps()
    anchor = lumps.delete(2, 2)
    anchor.add_before("b1")
    anchor.add_before("b2")
    first = anchor.add_after("a1")
    anchor.add_after("a2")
    anchor.add_after("a1+", first)
    assert written("01234567", lumps) == "01b2b1a2a1a1+4567"
    assert list(lumps.added()) == ["b2", "b1", "a2", "a1", "a1+"]


def test_anchors_stay_in_order_and_can_be_taken_back() -> None:
    lumps = lump.Lumps()
    for offset, text in ((5, "x"), (0, "a"), (5, "y"), (8, "z"), (0, "b")):
        lumps.anchor(offset).add_after(text)
    assert [anchor.offset for anchor in lumps] == [0, 0, 5, 5, 8]
    assert written("01234567", lumps) == "ab01234xy567z"
    copy = lumps.copy()
    assert lumps.remove(lumps.anchors[2])
    assert not lumps.remove(copy.anchors[2])
    assert written("01234567", lumps) == "ab01234y567z"
    assert written("01234567", copy) == "ab01234xy567z"


def test_a_condition_hides_what_follows_it() -> None:
    lumps = lump.Lumps()
    anchor = lumps.anchor(1)
    shown = anchor.add_after("s")
    hidden = anchor.add_after(lump.Cond("", "DIFF_IP"), shown)
    anchor.add_after("h", hidden)
    assert written("01", lumps) == "0s1"
