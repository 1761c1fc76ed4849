"""Reads what the Kamailio modules export out of their shared objects and writes `sroute/modules/declared/`.

`python -m tools.declare` needs root, the Debian packages of Kamailio 5.6.3 (all `kamailio-*-modules`) and about three minutes:
`elf` shows a shared object as the loader sees it, `tables` finds the export tables in it, `events` the names of event routes,
`transformations` and `prove` ask the parser what no table tells, `needs` starts modules with fewer and fewer others, `collect` makes
declarations of it all, `newer` adds what later versions have, `write` writes them.  `expect` turns a declaration back into scripts that
the parser must take or refuse; the tests run it.
"""
