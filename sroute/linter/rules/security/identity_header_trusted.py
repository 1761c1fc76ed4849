"""SE009."""

from collections.abc import Iterator

from sroute.linter.knowledge import IDENTITY
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.usage import Use
from sroute.syntax.nodes import If, Switch, While

BY_VARIABLE = {
    "ai": "P-Asserted-Identity",
    "re": "Remote-Party-ID",
    "pu": "P-Preferred-Identity",
    "pU": "P-Preferred-Identity",
    "pd": "P-Preferred-Identity",
}
REMOVES = ("remove_hf", "remove_hf_re", "remove_hf_exp", "keep_hf", "keep_hf_re", "remove_hf_value", "remove_hf_pv")


class IdentityHeaderTrusted(ScriptRule):
    """A decision is made by a header that anybody can write.

    `P-Asserted-Identity` and `Remote-Party-ID` say who the caller is, if they come from a server that is trusted. A script that
    never removes them from what others send believes everybody.
    """

    code = "SE009"
    bad = (
        Bad('if ($ai =~ "^sip:100@") { setflag(1); }', ("$ai",)),
        Bad('if ($hdr(Remote-Party-ID) =~ "100") { setflag(1); }', ("$hdr(Remote-Party-ID)",)),
    )
    good = (
        'if (!allow_source_address()) { remove_hf("P-Asserted-Identity"); }\nif ($ai =~ "^sip:100@") { setflag(1); }',
        'xlog("L_INFO", "$ai\\n");',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Conditions on such headers, in a script that never removes them."""
        removed = {(subject.argument(call, 0) or "").lower() for call in subject.calls(*REMOVES)}
        for use in subject.uses:
            name = header(use)
            if name is not None and name.lower() not in removed and not any("asserted" in text or "remote" in text for text in removed):
                if any(isinstance(around, If | While | Switch) for around in subject.tree.ancestors(use.node)) and _decides(use, subject):
                    text = f"anybody can write {name}, and this script never removes it"
                    yield Found(use.span, text, f'remove_hf("{name}") for all who are not trusted')


def header(use: Use) -> str | None:
    """The identity header that a variable is of."""
    if use.pv.variable.name == "hdr" and (use.pv.spec.inner or "").lower() in IDENTITY:
        return use.pv.spec.inner
    return BY_VARIABLE.get(use.pv.variable.name)


def _decides(use: Use, subject: Subject) -> bool:
    """Whether a use stands in a condition, and not in a block below one."""
    below = use.node
    for around in subject.tree.ancestors(use.node):
        if isinstance(around, If | While) and around.condition is below:
            return True
        if isinstance(around, Switch) and around.selector is below:
            return True
        below = around
    return False
