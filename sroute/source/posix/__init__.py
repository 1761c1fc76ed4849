"""POSIX extended regular expressions as glibc matches them in the C locale; knows nothing of Kamailio.

`regex.matcher(pattern, flags)` answers yes or no, `regex.finder(pattern, flags)` says where and what the groups took. The
files in the order of their work: `parse` (with `brackets`, `charsets`) makes a tree of `nodes`; `simplify`, `cost` and
`lines` look at it; `translate` writes it for other engines; `program`, `sweep`, `walk` and `backtrack` are our own engine;
`engines` puts one face on all of them, and `regex` chooses.

Differences to glibc that are known: a `$` before a newline that the match takes, in a pattern with groups and without
REG_NEWLINE, is found here and not there; a few patterns that repeat groups with assertions in them, and back-references
inside repeated alternatives, get other spans.
"""
