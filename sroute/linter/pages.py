"""The page of a rule: what it finds, why that matters, when Kamailio says something, and examples."""

from textwrap import fill, indent

from sroute.linter.rule import Rule

WIDTH = 96
STAGES = {
    "check": "`kamailio -c` refuses it",
    "check warns": "`kamailio -c` prints a message and accepts it",
    "start": "passes `kamailio -c`, the start fails",
    "start warns": "starts, with a message in the log",
    "run": "starts; a message in the log each time it runs",
    "never": "never says anything",
}


def as_json(rule: Rule) -> dict[str, object]:
    """A rule as `--json` prints it."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "theme": rule.theme,
        "kamailio": rule.stage,
        "version": rule.version or None,
        "here": rule.here,
        "summary": rule.summary,
        "why": rule.why,
        "bad": [{"script": example.text, "marked": example.marked, "fixed": example.mended} for example in rule.bad],
        "good": list(rule.texts),
        "fixable": any(example.fixed is not None for example in rule.bad),
    }


def page(rule: Rule) -> str:
    """A rule for people."""
    lines = [f"{rule.code} {rule.name} ({rule.severity})", "", f"  {rule.summary}"]
    if rule.why:
        lines += ["", indent("\n\n".join(fill(part, WIDTH) for part in rule.why.split("\n\n")), "  ")]
    lines += ["", f"  Kamailio {rule.version or '5.6.3'}: {STAGES[rule.stage]}."]
    if rule.here:
        lines += ["  Looked at with --here only."]
    for example in rule.bad:
        lines += ["", "  Bad:", indent(example.text, "    ")]
        if example.mended is not None:
            lines += ["  Fixed:", indent(example.mended, "    ")]
    for script in rule.texts:
        lines += ["", "  Good:", indent(script, "    ")]
    return "\n".join(lines)
