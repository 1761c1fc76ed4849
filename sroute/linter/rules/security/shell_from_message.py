"""SE002."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.linter.taint import Taint, followed


class ShellFromMessage(ScriptRule):
    """A text from the message goes into a shell command.

    The command is run by `/bin/sh`: a header with `$(...)`, a quote or a semicolon in it runs whatever the sender wants. The
    variables that exec gives to the command in its environment (`SIP_HF_...`) are safe to use there.
    """

    code = "SE002"
    bad = (
        Bad('exec_cmd("/usr/bin/notify $fU");', ('"/usr/bin/notify $fU"',)),
        Bad('$var(c) = "/usr/bin/notify " + $hdr(Subject);\nexec_msg("$var(c)");', ('"$var(c)"',)),
    )
    good = ('exec_cmd("/usr/bin/notify $si");', 'if ($fU =~ "^[0-9]+$") exec_cmd("/usr/bin/notify $fU");')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Texts from outside in commands."""
        for _, span, _ in subject.once(followed).of(Taint.SHELL):
            yield Found(span, "a text from the message stands in this shell command", "check it against a pattern like ^[0-9]+$ first")
