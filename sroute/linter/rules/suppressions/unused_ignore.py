"""SR001."""

from sroute.linter.rule import Bad, Rule


class UnusedIgnore(Rule):
    """An ignore comment silences nothing.

    It was written for a finding that is gone, or has a typing mistake. Left there, it would hide the next finding.
    """

    code = "SR001"
    severity = "info"
    bad = (
        Bad(
            'xlog("L_INFO", "ok\\n"); # sroute: ignore[HT014]',
            ("# sroute: ignore[HT014]",),
            'xlog("L_INFO", "ok\\n");',
        ),
    )
    good = ("if ($var(x) = 1) { exit; } # sroute: ignore[EX001]",)
