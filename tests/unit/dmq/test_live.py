import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """#!KAMAILIO
children=1
log_stderror=yes
listen=udp:127.0.0.1:HERE
loadmodule "ctl.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "dmq.so"
loadmodule "htable.so"
modparam("ctl", "binrpc", "unix:CTL")
modparam("dmq", "server_address", "sip:127.0.0.1:HERE")
modparam("dmq", "notification_address", "sip:127.0.0.1:THERE")
modparam("dmq", "num_workers", 1)
modparam("htable", "enable_dmq", 1)
modparam("htable", "dmq_init_sync", 1)
modparam("htable", "htable", "r=>size=4;autoexpire=3600;dmqreplicate=1")
modparam("htable", "htable", "p=>size=4;dmqreplicate=1")
request_route { if ($rm == "KDMQ") { dmq_handle_message(); } exit; }
"""


def namespaces() -> bool:
    tools = ("kamailio", "kamcmd", "unshare", "ip")
    return all(map(shutil.which, tools)) and subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode == 0


def items(text: str) -> dict[str, str]:
    return dict(re.findall(r"name: (.*)\n\t*value: (.*)\n", text))


@pytest.mark.live
@pytest.mark.skipif(not namespaces(), reason="needs kamailio, kamcmd and network namespaces")
def test_a_real_kamailio_and_ours_replicate_to_each_other(tmp_path: Path) -> None:
    for name, here, there in (("real", "15061", "15062"), ("ours", "15062", "15061")):
        text = SCRIPT.replace("THERE", there).replace("HERE", here).replace("CTL", f"{tmp_path}/{name}.ctl")
        (tmp_path / f"{name}.cfg").write_text(text)
    words = ["unshare", "-n", "sh", str(Path(__file__).parent / "live_pair.sh"), sys.executable, str(tmp_path)]
    out = subprocess.run(words, capture_output=True, text=True, timeout=90).stdout
    pieces = re.split(r"^(initial sync to ours|real|ours|initial sync to real|status 130)\n", out, flags=re.M)[1:]
    parts = dict(zip(pieces[::2], pieces[1::2], strict=True))
    assert items(parts["initial sync to ours"]) == {"early": "one", "n": "5"}
    assert items(parts["real"]) == items(parts["ours"]) == {"ours": "two", "short": "three", "later": "four", "m": "7"}
    assert items(parts["initial sync to real"]) == {"ours": "two", "short": "three", "later": "four"}
    assert "status 130" in parts
