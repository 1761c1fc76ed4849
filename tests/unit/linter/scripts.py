"""Examples and cases as whole scripts."""

import re
from functools import cache

from sroute.dialect import DEFAULT, dialect
from sroute.linter.linter import Linted, Request, lint
from sroute.linter.rule import Rule
from sroute.linter.selection import Selection
from sroute.resolve.shapes import words

MODULES = words(
    "db_text db_sqlite kex corex tm tmx sl rr pv maxfwd usrloc registrar textops textopsx siputils xlog sanity auth auth_db "
    "nathelper htable cfgutils exec sqlops dispatcher pike permissions uac dialog ipops xhttp jsonrpcs http_client"
)
SETTINGS = (
    'modparam("htable", "htable", "a=>size=4;autoexpire=600")',
    'modparam("htable", "htable", "b=>size=4;autoexpire=60;initval=0")',
    'modparam("htable", "htable", "n=>size=4;autoexpire=0")',
    'modparam("cfgutils", "lock_set_size", 4)',
    'modparam("sqlops", "sqlcon", "ca=>sqlite:///tmp/x")',
    'modparam("auth_db", "db_url", "text:///tmp/x")',
    'modparam("dispatcher", "list_file", "/etc/kamailio/dispatcher.list")',
)
_BLOCK = re.compile(r"^(?:(?:request|reply|onreply|failure|branch|onsend|event)_)?route\b\s*[\[{]", re.M)


def whole(script: str) -> str:
    """The script that an example stands for."""
    if "#!KAMAILIO" in script or "loadmodule" in script:
        return script
    head = "#!KAMAILIO\n" + "\n".join([*(f'loadmodule "{name}.so"' for name in MODULES), *SETTINGS]) + "\n"
    tail = "" if "xhttp:request" in script else "event_route[xhttp:request] { exit; }\n"
    if not _BLOCK.search(script):
        return f"{head}request_route {{\n{script}\n}}\n{tail}"
    if not re.search(r"^(?:request_route\b|route\s*\{)", script, re.M):
        script += "\nrequest_route { exit; }\n"
    return f"{head}{script}\n{tail}" if tail else head + script


@cache
def linted(script: str, *codes: str, all_branches: bool = False, version: str = "", here: bool = False) -> Linted:
    """The findings in an example; with codes only those."""
    selection = Selection(codes) if codes else Selection()
    target = dialect(version) if version else DEFAULT
    return lint("example.cfg", whole(script), Request(selection=selection, all_branches=all_branches, dialect=target, here=here))


def linted_for(rule: Rule, script: str) -> Linted:
    """The findings in an example of a rule, for the version that it is about."""
    return linted(script, version=rule.version, here=rule.here)


def body(text: str, script: str) -> str:
    """The example again, out of the text that was made of it."""
    made = whole(script)
    before = made.index(script) if script in made else 0
    after = len(made) - before - len(script)
    return text[before : len(text) - after]
