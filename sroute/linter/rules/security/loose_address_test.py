"""SE021."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address

from sroute.exports.variable import Pv
from sroute.linter.following import Followed, Watch, follow
from sroute.linter.knowledge import FROM_OUTSIDE, SANE
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.syntax.nodes import Call, CoreCall, Route

Checked = frozenset[str]
TESTS = frozenset(["is_ip", "is_ipv4", "is_pure_ip", "is_ipv6", "is_ipv6_reference"])
LONGEST = 500
_SIX = re.compile(r"[0-9a-fA-F]*:[0-9a-fA-F:]*/\d+")


class LooseAddressTest(ScriptRule):
    """A test of an address lets through what is none, or misses one that it names.

    `is_ip_rfc1918()` looks at the beginning of the text: `10.0.0.999` and `192.168.1.1x` pass. Ask `is_ipv4()` of a text from the
    message first. `is_in_subnet()` of 5.6.3 takes a second IPv6 net of a list for another one: make a call for each.
    """

    code = "SE021"
    bad = (
        Bad('if (is_ip_rfc1918("10.0.0.999")) { exit; }', ('"10.0.0.999"',)),
        Bad('if (is_ip_rfc1918("$hdr(X-Host)")) { exit; }', ('"$hdr(X-Host)"',)),
        Bad('if (is_in_subnet("$si", "fe80::/10,2001:db8::/32")) { exit; }', ('"fe80::/10,2001:db8::/32"',)),
    )
    good = (
        'if (is_ip_rfc1918("$si")) { exit; }',
        'if (is_ipv4("$hdr(X-Host)") && is_ip_rfc1918("$hdr(X-Host)")) { exit; }',
        'if (is_in_subnet("$si", "fe80::/10") || is_in_subnet("$si", "2001:db8::/32")) { exit; }',
        'if (is_in_subnet("$si", "10.0.0.0/8,192.168.0.0/16")) { exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Texts that are not known to be addresses, and lists with two IPv6 nets."""
        for _, span, name in subject.once(_asked).of("unchecked"):
            text = f"{name} may be no address at all: this looks at its beginning only"
            yield Found(span, text, "ask is_ipv4() first")
        for call in subject.calls("is_ip_rfc1918"):
            address = subject.argument(call, 0)
            if address is not None and "$" not in address and not _is_address(address):
                yield Found(call.args[0].span, f"{address} is no address, and may pass all the same")
        for call in subject.calls("is_in_subnet"):
            nets = subject.argument(call, 1)
            if nets is not None and len(_SIX.findall(nets[:LONGEST])) > 1 and not subject.program.dialect.newer:
                yield Found(call.args[1].span, "only the first IPv6 net of a list is compared as it is written", "make a call for each net")


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


class Addresses(Watch[Checked]):
    """The texts that are known to be addresses."""

    merges = True

    def initial(self, entry: Route) -> Checked:
        """None is."""
        return frozenset()

    def merge(self, one: Checked, other: Checked) -> Checked:
        """Those of both paths."""
        return one & other

    def call(self, node: Call | CoreCall, state: Checked, at: Here) -> Iterable[tuple[Checked, Truth]]:
        """A test whether a text is an address, or one that takes that for granted."""
        if not node.args:
            return ((state, None),)
        pvs = self.subject.variables(node.args[0])
        names = frozenset(pv.spec.text for pv in pvs)
        if node.name in TESTS:
            return ((state | names, True), (state, False))
        if node.name == "is_ip_rfc1918":
            for pv in pvs:
                if _from_outside(pv) and pv.spec.text not in state:
                    self.note("unchecked", node, pv.spec.text, node.args[0].span)
        return ((state, None),)


def _from_outside(pv: Pv) -> bool:
    return pv.variable.name in FROM_OUTSIDE - SANE - {"rd", "fd", "td", "od", "dd", "nd"}


def _asked(subject: Subject) -> Followed:
    if not any(True for _ in subject.calls("is_ip_rfc1918")):
        return Followed({})
    return follow(subject, Addresses)
