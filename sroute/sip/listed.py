"""A value of a list in headers, taken apart without a look at its correctness: `"Name" <uri>;parameters`, or `text;parameters`."""


def masked(value: str) -> str:
    """The value with blanks in place of what stands in double quotes."""
    out, quoted = [], False
    for at, char in enumerate(value):
        if char == '"' and (not quoted or value[at - 1] != "\\"):
            quoted = not quoted
            out.append(" ")
        else:
            out.append(" " if quoted else char)
    return "".join(out)


def uri(value: str) -> str:
    """What is between the angle brackets (empty when they are not closed), else the text up to the first semicolon."""
    at = masked(value).find("<")
    if at < 0:
        return value.partition(";")[0].rstrip(" \t")
    inside, closed, _ = value[at + 1 :].partition(">")
    return inside if closed else ""


def name(value: str) -> str:
    """The name in front of the angle brackets, its quotes included."""
    at = masked(value).find("<")
    return value[:at].strip(" \t\r\n") if at >= 0 else ""


def parameters(value: str) -> str:
    """What stands behind the URI and its semicolon, up to the next value."""
    plain = masked(value)
    start = plain.find(">", plain.find("<")) + 1 if "<" in plain else 0
    at = plain.find(";", start)
    end = plain.find(",", start)
    return value[at + 1 : end if end >= 0 else len(value)] if at >= 0 and (end < 0 or at < end) else ""
