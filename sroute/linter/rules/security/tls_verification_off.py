"""SE016."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject

CHECKS = frozenset(
    [("http_client", "verify_peer"), ("http_client", "verify_host"), ("tls", "verify_certificate"), ("utils", "http_verify_peer")]
)
CONNECTIONS = frozenset([("http_client", "httpcon")])


class TlsVerificationOff(ScriptRule):
    """Certificates are not checked.

    The connection is encrypted to whoever answers: also to somebody in between. Check the certificate, and name the authority with
    a file.
    """

    code = "SE016"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "http_client.so"\nmodparam("http_client", "verify_peer", 0)\nrequest_route { exit; }',
            ('modparam("http_client", "verify_peer", 0)',),
        ),
        Bad(
            """
            #!KAMAILIO
            loadmodule "http_client.so"
            modparam("http_client", "httpcon", "a=>https://x.example/;verifypeer=0")
            request_route { exit; }
            """,
            ('modparam("http_client", "httpcon", "a=>https://x.example/;verifypeer=0")',),
        ),
    )
    good = ('#!KAMAILIO\nloadmodule "http_client.so"\nmodparam("http_client", "verify_peer", 1)\nrequest_route { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Parameters that are set to no."""
        for setting in subject.program.params:
            key = (setting.module.name, setting.param.name)
            text = str(setting.value).replace(" ", "")
            if (key in CHECKS and text in ("0", "no")) or (key in CONNECTIONS and ("verifypeer=0" in text or "verifyhost=0" in text)):
                yield Found(setting.span, "certificates are not checked here")
