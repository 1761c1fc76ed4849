"""Reads what the Kamailio modules export out of their shared objects and writes `sroute/modules/declared/`.

`python -m tools.declare` needs the Debian packages of Kamailio 5.6.3. Passes, in order:
`elf` (a shared object as memory), `tables` (the export tables in it), `names` (names that only stand in code),
`prove` (the same facts asked from `kamailio -c`), `needs` (which module does not start without which),
`newer` (names that only later versions have), `write`.
"""
