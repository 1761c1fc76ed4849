"""MD027."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Listen


class ListenDuplicate(ScriptRule):
    """A socket is named twice.

    Kamailio binds it once. The second line may have other settings that are lost.
    """

    code = "MD027"
    severity = "info"
    bad = (
        Bad(
            "#!KAMAILIO\nlisten=udp:10.0.0.1:5060\nlisten=udp:10.0.0.1:5060\nrequest_route { exit; }",
            ("udp:10.0.0.1:5060",),
        ),
    )
    good = ("#!KAMAILIO\nlisten=udp:10.0.0.1:5060\nlisten=tcp:10.0.0.1:5060\nrequest_route { exit; }",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Equal protocol, host and port."""
        seen: dict[tuple[str | None, str, int], int] = {}
        port = subject.program.settings.integer("port", 5060)
        for node in subject.tree.each(Listen):
            for spec in node.sockets:
                for host in spec.hosts:
                    key = (spec.proto, host.lower(), spec.port or port)
                    if key in seen:
                        yield Found(spec.span, f"this socket is named on line {seen[key]} already")
                    seen.setdefault(key, spec.span.line)
