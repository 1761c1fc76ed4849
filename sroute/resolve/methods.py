"""Sets of SIP methods, and what a test of the method leaves of them."""

from sroute.syntax.nodes import Binary, Call, CoreCall, CoreCondition, Expression, Literal, Variable, Word

NAMES = (
    *("INVITE", "CANCEL", "ACK", "BYE", "INFO", "OPTIONS", "UPDATE", "REGISTER", "MESSAGE", "SUBSCRIBE", "NOTIFY", "PRACK"),
    *("REFER", "PUBLISH", "KDMQ", "GET", "POST", "PUT", "DELETE"),
)
"""The methods that Kamailio knows by name; is_method() in 5.6.3 takes each, alone or in a list."""
BITS = {name: 1 << number for number, name in enumerate(NAMES)}
OTHER = 1 << len(NAMES)
ALL = (OTHER << 1) - 1


def mask(names: str) -> int:
    """The set of methods in a list such as `INVITE|ACK`; a name that is not known is one of the others."""
    found = 0
    for name in names.split("|"):
        found |= BITS.get(name.strip().upper(), OTHER)
    return found


def tested(node: Expression) -> tuple[int, bool] | None:
    """The methods that a test asks for, and whether it asks for all others; None for what is no test of the method."""
    match node:
        case Call(name="is_method", args=(Literal(value=str(names)),)) if "$" not in names:
            return mask(names), False
        case Binary(op="==" | "eq" | "!=" | "ne" as op, left=Variable(spec=spec), right=Literal(value=str(name))):
            return (mask(name), op in ("!=", "ne")) if spec.name == "rm" and not spec.transformations else None
        case CoreCondition(left="method", op="==" | "!=" as op, right=right):
            asked = right.text if isinstance(right, Word) else right.value if isinstance(right, Literal) else None
            return (mask(asked), op == "!=") if isinstance(asked, str) else None
        case _:
            return None


def matching(node: Expression | CoreCall, *, truth: bool) -> int:
    """The methods for which a condition may be true (or false)."""
    asked = tested(node)
    if asked is None:
        return ALL
    methods, negated = asked
    if truth != negated:
        return methods
    return ALL & ~(methods & ~OTHER)
