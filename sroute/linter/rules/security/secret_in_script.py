"""SE005."""

import re
from collections.abc import Iterator

from sroute.linter.directives import value_of
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Literal, ModParam

_URL = re.compile(r"[a-z][a-z0-9+]*://([^:/@\s]+):([^@/\s]+)@")
_NAMES = re.compile(r"(?:^|_)(?:password|passwd|secret|auth_secret|api_key|token|mask_key)$")
_PART = re.compile(r"(?:^|[;&,])\s*(?:pass|passwd|password|secret)\s*=\s*[^;&,\s]+", re.IGNORECASE)
STOCK = frozenset(["kamailiorw", "kamailioro"])


class SecretInScript(ScriptRule):
    """A password stands in the script.

    Scripts are copied into tickets, repositories and backups. Put it into a file of its own (`import_file`), or take it from the
    environment with `#!defenv`. The password `kamailiorw` of the example configuration is known to everybody.
    """

    code = "SE005"
    bad = (
        Bad(
            """
            #!KAMAILIO
            loadmodule "db_mysql.so"
            loadmodule "htable.so"
            modparam("htable", "db_url", "mysql://kamailio:kamailiorw@localhost/kamailio")
            request_route { exit; }
            """,
            ('"mysql://kamailio:kamailiorw@localhost/kamailio"',),
        ),
        Bad(
            """
            #!KAMAILIO
            loadmodule "pv.so"
            loadmodule "sl.so"
            loadmodule "auth.so"
            modparam("auth", "secret", "Zq81xxp")
            request_route { exit; }
            """,
            ('"Zq81xxp"',),
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "db_text.so"
        loadmodule "htable.so"
        modparam("htable", "db_url", "text:///var/db")
        request_route { exit; }
        """,
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Passwords in URLs, and parameters that hold one; each value once."""
        seen: set[str] = set()
        for node in subject.tree.each(ModParam):
            value = node.value.value if isinstance(node.value, Literal) else None
            if not isinstance(value, str) or not value or value in seen:
                continue
            match = _URL.search(value)
            if match is None and not _NAMES.search(node.name) and not _PART.search(value):
                continue
            seen.add(value)
            span = value_of(subject, node.value.span) or node.value.span
            if match is not None and match[2] in STOCK:
                text = f"{match[2]} is the password of the example configuration: everybody knows it"
                yield Found(span, text, "change it, in the database, too")
            else:
                yield Found(span, f"{node.name} holds a password", "use #!defenv, or a file of its own with import_file")
