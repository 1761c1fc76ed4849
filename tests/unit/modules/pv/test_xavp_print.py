"""pv_xavp_print(), pv_xavu_print(), pv_xavi_print(): what Kamailio 5.6.3 logged, addresses aside."""

import re
from pathlib import Path

from sroute.instance.api import load, start
from sroute.instance.events import Diag
from sroute.sip.compose import FAKED

SCRIPT = """#!KAMAILIO
debug=3
loadmodule "pv.so"
request_route {
    $xavp(avp3=>avp1)=10; $xavp(avp3[0]=>avp2)="text";
    $xavp(avp4)=40;
    $xavp(e=>x)=1; $xavp(e=>x)=$null;
    $xavu(u=>k)="v"; $xavu(s)=7;
    $xavi(WhatEver=>FoO)="1";
    pv_xavp_print(); pv_xavu_print(); pv_xavi_print();
    $xavp(avp3)=$null; $xavp(avp4)=$null; $xavp(e)=$null;
    pv_xavp_print();
}
"""
RECORDED = Path(__file__).with_name("xavp_print.txt")


def test_printed_lists() -> None:
    instance = start(load("print.cfg", SCRIPT))
    instance.receive(FAKED)
    said = [event.text for event in instance.events if isinstance(event, Diag) and event.level == "INFO"]
    assert [re.sub("0x[0-9a-f]+", "@", text).rstrip() for text in said] == RECORDED.read_text().splitlines()
