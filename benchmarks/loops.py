"""Script loops: what one round costs."""

from dataclasses import dataclass

HEAD = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
modparam("htable", "htable", "a=>size=8;")
max_while_loops=0
request_route {
    if ($hdr(X-Warm) == "yes") {
        $var(w) = 0;
        while ($var(w) < 20000) { $var(t) = "a" + $var(w) + "b" + $var(t2); $var(w) = $var(w) + 1; }
        exit;
    }
    $var(n) = (int)$hdr(X-Rounds);
    xlog("L_ERR", "$TV(Sn)\\n");
    $var(i) = 0;
    while ($var(i) < $var(n)) {
"""
TAIL = """        $var(i) = $var(i) + 1;
    }
    xlog("L_ERR", "$TV(Sn)\\n");
}
route[A] { $var(y) = 3; return 2; }
"""


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop: what it is called, what one round does besides counting, and how many rounds are run."""

    name: str
    body: str
    rounds: int = 100_000

    @property
    def script(self) -> str:
        """The whole script."""
        return f"{HEAD}        {self.body}\n{TAIL}"


LOOPS = (
    Loop("counting", ""),
    Loop("three joins and a regex", '$var(s) = "a" + $var(i) + "b"; $var(t) = $var(s) + "c"; if ($var(t) =~ "b+c$") { $var(x) = 1; }'),
    Loop("a regex test", 'if ($rU =~ "^ali(ce)?$") { $var(x) = 1; }'),
    Loop("$sht set and get", "$sht(a=>k$var(i)) = $var(i); $var(x) = $sht(a=>k$var(i));", 50_000),
    Loop(
        "four xavp statements",
        '$xavp(a=>x) = $var(i); $xavp(a[0]=>y) = "v"; $var(x) = $xavp(a=>x); $xavp(a) = $null;',
        50_000,
    ),
    Loop("switch with a route call", "switch ($var(i)) { case 1: $var(x) = 1; break; case 2: $var(x) = 2; break; default: route(A); }"),
)
