"""MD016."""

from sroute.linter.rule import Bad, LoadRule


class BadConstantArgument(LoadRule):
    """A function refuses a constant argument.

    Constant arguments are looked at when Kamailio starts: a number is expected, a word is not among those that are known, a name in
    a list is misspelt. (`keep_hf()` of 5.6.3 refuses to stand without its argument.)
    """

    code = "MD016"
    stage = "start"
    bad = (
        Bad('mf_process_maxfwd_header("x");', ('"x"',)),
        Bad("keep_hf();", ("keep_hf()",)),
        Bad('assign_hf_value2("X-Key[*]", "x");', ('"X-Key[*]"',)),
    )
    good = ('mf_process_maxfwd_header("10");',)
