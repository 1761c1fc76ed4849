"""Scripts that are hard to lint: the work must grow with the script, and nothing may break."""

import time

import pytest

from sroute.linter.linter import lint

MODULES = ("kex", "corex", "tm", "sl", "rr", "pv", "textops", "siputils", "xlog", "ipops", "htable")
HEAD = "#!KAMAILIO\n" + "".join(f'loadmodule "{name}.so"\n' for name in MODULES)
SCRIPTS = {
    "deep blocks": "request_route {\n" + "if ($var(x) == 1) {\n" * 300 + "exit;\n" + "}\n" * 300 + "}\n",
    "many conditions": "request_route { if (" + " && ".join(["$var(x) == 1"] * 2000) + ") exit; exit; }\n",
    "long comments": "# $a" + "=" * 100_000 + "\n#" + "a(" * 50_000 + "\nrequest_route { exit; }\n",
    "long strings": 'request_route { if (is_in_subnet("$si", "' + ":" * 50_000 + '")) exit; exit; }\n',
    "many XAVPs": "request_route {\n" + "".join(f"$xavp(a{n}[3]=>x) = 1;\n" for n in range(1500)) + "exit; }\n",
    "many values": "request_route {\n"
    + "".join(f"if (isflagset({n % 32})) {{ $var(v{n}) = 1; }} else {{ $var(v{n}) = 0; }}\n" for n in range(200))
    + "".join(f'if ($var(v{n}) == 1) {{ sl_send_reply("404", "x"); exit; }}\n' for n in range(200))
    + "exit; }\n",
    "many results": "request_route {\n"
    + "".join(f"route(A); if ($rc < 0) {{ exit; }}\n$var(r{n}) = route(A); if ($var(r{n}) == 2) {{ drop; }}\n" for n in range(200))
    + "exit; }\nroute[A] { if (has_totag()) return -1; return 2; }\n",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_harm(name: str) -> None:
    begin = time.process_time()
    found = lint("hard.cfg", HEAD + SCRIPTS[name]).findings
    assert not [finding.diagnostic for finding in found if finding.diagnostic.severity == "error"]
    assert time.process_time() - begin < 15


def test_long_sums_take_linear_time() -> None:
    def spent(parts: int) -> float:
        script = HEAD + 'request_route { $var(x) = "a"' + " + $rU" * parts + "; if ($var(x)) exit; exit; }\n"
        begin = time.process_time()
        lint("hard.cfg", script)
        return time.process_time() - begin

    spent(100)
    assert spent(4000) < 12 * max(spent(1000), 0.1)
