"""MD021."""

import os
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.program import Setting

FILES = frozenset(
    [
        ("dispatcher", "list_file"),
        ("permissions", "address_file"),
        ("app_lua", "load"),
        ("app_python3", "load"),
        ("geoip2", "path"),
        ("carrierroute", "config_file"),
        ("http_client", "config_file"),
        ("ldap", "config_file"),
        ("regex", "file"),
    ]
)
"""Parameters that name a file without which Kamailio does not start."""
TLS = frozenset([("tls", "config"), ("tls", "certificate"), ("tls", "private_key"), ("tls", "ca_list")])
"""Such parameters of tls, which finds files beside the script, too."""


class ReferencedFileMissing(ScriptRule):
    """A file that a parameter names may not be there when Kamailio starts.

    Lists, scripts and keys are read at the start, and without them it fails. A relative path is looked for in the folder in which
    Kamailio is started, which is another one under systemd than in a terminal: write the whole path. With `--here` the files are
    looked for on this machine, and one that is missing is an error.
    """

    code = "MD021"
    stage = "start"
    bad = (
        Bad(
            """
            #!KAMAILIO
            loadmodule "dispatcher.so"
            modparam("dispatcher", "list_file", "dispatcher.list")
            request_route { exit; }
            """,
            ('modparam("dispatcher", "list_file", "dispatcher.list")',),
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "dispatcher.so"
        modparam("dispatcher", "list_file", "/etc/kamailio/dispatcher.list")
        request_route { exit; }
        """,
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """The parameters that name files."""
        for setting in subject.program.params:
            key, path = (setting.module.name, setting.param.name), setting.value
            if key not in FILES | TLS or not isinstance(path, str) or not path:
                continue
            if subject.circumstances.here:
                if not _is_there(path, setting):
                    yield Found(setting.span, f"there is no file {path}: Kamailio does not start", None, severity="error")
            elif key in FILES and not os.path.isabs(path):
                text = f"{path} is looked for in the folder in which Kamailio is started"
                yield Found(setting.span, text, "write the whole path")


def _is_there(path: str, setting: Setting) -> bool:
    """Whether a file is there as it is named, or beside the script."""
    beside = os.path.join(os.path.dirname(setting.span.source.name), path)
    return os.path.exists(path) or os.path.exists(beside)
