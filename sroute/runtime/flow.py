"""How a statement leaves: codes that a bound statement hands back (0 goes on)."""

NEXT = 0
RETURN = 1
EXIT = 2
DROP = 6
"""`drop` is `exit` with one more bit."""
BREAK = 8

HOW = {NEXT: "end", RETURN: "return", EXIT: "exit", DROP: "drop", BREAK: "end"}
"""The `how` of an `end` event for each code."""


class EvalError(Exception):
    """An expression has no value (division by zero, bad dynamic regex); its statement logs it and goes on."""


class AssignError(Exception):
    """A variable refused a value; args are what Kamailio logs, line by line."""
