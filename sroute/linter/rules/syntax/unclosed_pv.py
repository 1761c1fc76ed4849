"""SY017."""

from sroute.linter.rule import Bad, LoadRule


class UnclosedPv(LoadRule):
    """A pseudo-variable is not closed or not well formed.

    The `)` or `}` that ends it is missing, or its name is. In a quoted parameter Kamailio notices only at start.
    """

    code = "SY017"
    bad = (
        Bad("$var(x) = $(rU{s.len);", ("$(rU{s.len)",)),
        Bad("$var(y) = $_s($var(x);", ("$_s($var(x);",)),
    )
    good = ('xlog("$var(x)\\n");',)
