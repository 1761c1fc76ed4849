"""Which other modules a module does not start without: it is started with all that it looks for, then with fewer and fewer.

A module finds another by the name of a function that only modules may call (`load_tm`, `bind_sl`), so those names in its data
tell what to try.  The start is cut off by a module behind it whose parameter makes its own start fail.
"""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.declare import kamailio, tables
from tools.declare.elf import Image

FAILED = re.compile(r"[Ee]rror while initializing module (\S+)")
COMPLAINT = re.compile(r"(?:ERROR|CRITICAL): (.*)")
BINDING = re.compile(r"(load|bind|ul_bind)_\w+|\w+_bind|cfgt_bind_cfgt")
STOPPER = "cfgutils"
STOP = 'loadmodule "cfgutils.so"\nmodparam("cfgutils", "initial_probability", 200)'
BLOCKS = ("request_route { ; }", "event_route[xhttp:request] { ; }", "event_route[nosip:msg] { ; }")
DATABASE = "text:///usr/share/kamailio/dbtext/kamailio"
#: Found by other means than a binding function.
ALSO = {
    "app_lua_sr": ("app_lua",),
    "db_perlvdb": ("app_perl",),
    "janssonrpcc": ("jansson",),
    "mohqueue": ("rtpproxy",),
    "pua_json": ("json",),
    "websocket": ("xhttp",),
    "xhttp_pi": ("xhttp",),
    "xhttp_prom": ("xhttp",),
    "xhttp_rpc": ("xhttp",),
}
#: The registrars of the IMS have a location table of their own.
IMS_LOCATION = ("ims_isc", "ims_registrar_scscf")
#: What a module wants to be told before it looks for others; @ is a folder with the files below.
SETTINGS: dict[str, dict[str, str | int]] = {
    "acc_radius": {"radius_config": "/etc/radcli/radiusclient.conf"},
    "app_perl": {"filename": "@/script.pl"},
    "auth_ephemeral": {"secret": "x"},
    "auth_radius": {"radius_config": "/etc/radcli/radiusclient.conf"},
    "cdp": {"config_file": "@/peer.xml"},
    "cplc": {"cpl_dtd_file": "@/cpl.dtd"},
    "dmq": {"server_address": "sip:127.0.0.1:5060"},
    "ims_dialog": {"dlg_flag": 5},
    "jsonrpcc": {"servers": "127.0.0.1:9999,1,1"},
    "kazoo": {"node_hostname": "h"},
    "ldap": {"config_file": "@/ldap.cfg"},
    "mohqueue": {"mohdir": "@"},
    "mtree": {"mtree": "name=x;dbtable=mtree;type=0"},
    "p_usrloc": {"default_db_url": DATABASE, "read_db_url": DATABASE, "write_db_url": DATABASE},
    "presence": {"server_address": "sip:d"},
    "presence_xml": {"integrated_xcap_server": 1},
    "pua_bla": {"default_domain": "d", "server_address": "sip:d", "header_name": "X"},
    "pua_reginfo": {"default_domain": "d", "server_address": "sip:d"},
    "pua_usrloc": {"default_domain": "d"},
    "pua_xmpp": {"server_address": "sip:d"},
    "qos": {"qos_flag": 5},
    "rls": {"server_address": "sip:d", "xcap_root": "http://127.0.0.1/x:8000", "integrated_xcap_server": 1},
    "sst": {"sst_flag": 5},
    "topos_redis": {"serverid": "s"},
}
FILES = {
    "script.pl": "1;\n",
    "cpl.dtd": "",
    "ldap.cfg": '[s]\nldap_server_url = "ldap://127.0.0.1"\n',
    "peer.xml": """<?xml version="1.0"?>
<DiameterPeer FQDN="a.b" Realm="b" Vendor_Id="10415" Product_Name="x" AcceptUnknownPeers="0" DropUnknownOnDisconnect="1" Tc="30"
 Workers="4" QueueLength="32" TransactionTimeout="5" SessionsHashSize="128" DefaultAuthSessionTimeout="60" MaxAuthSessionTimeout="60">
<Acceptor port="3869" bind="127.0.0.1"/><Auth id="16777216" vendor="10415"/></DiameterPeer>
""",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The module that failed to start (the stopper when all did) and its first complaint."""

    failed: str
    complaint: str


class Needs:
    """Answers for one set of installed modules."""

    def __init__(self, images: dict[str, Image]) -> None:
        self._databases = {name for name, image in images.items() if "db_url" in {p.name for p in tables.read(image, name).params}}
        bindings = {name: set(tables.bindings(image, name)) for name, image in images.items()}
        providers = {function: name for name, functions in bindings.items() for function in functions}
        providers |= {"ul_bind_usrloc": "usrloc", "bind_domain": "domain"}
        self._twins = {name: [o for o in images if o != name and bindings[o] & bindings[name]] for name in images if name[:3] != "db_"}
        self._wanted = {name: self._looks_for(name, image, providers) for name, image in images.items()}

    def _looks_for(self, module: str, image: Image, providers: dict[str, str]) -> tuple[str, ...]:
        functions = sorted(f for f in image.strings() if BINDING.fullmatch(f) and f in providers)
        own = set(tables.bindings(image, module))
        location = {"ul_bind_usrloc": "ims_usrloc_scscf"} if module in IMS_LOCATION else {}
        found = [location.get(f, providers[f]) for f in functions if f not in own]
        return tuple(dict.fromkeys(["pv", *found, *ALSO.get(module, ())]))

    def of(self, module: str) -> tuple[tuple[str, ...], ...]:
        """What this one needs itself, as far as a start shows it: each need with the modules of which one will do."""
        if module == STOPPER or self._start([module], module).failed != module:
            return ()
        loaded = self._closure(module, set())
        target = self._start([*loaded, module], module)
        for name in reversed(list(loaded)):
            fewer = [m for m in loaded if m != name]
            if self._start([*fewer, module], module) == target:
                loaded = fewer
        missed = [name for name in loaded if name in self._wanted[module] and self._missed(module, loaded, name)]
        return tuple(sorted((name, *self._instead(module, loaded, name, target)) for name in missed))

    def _instead(self, module: str, loaded: list[str], name: str, target: Outcome) -> list[str]:
        others = [m for m in loaded if m != name]
        return [t for t in self._twins[name] if self._start([*others, *self._closure(t, set(others)), t, module], module) == target]

    def _missed(self, module: str, loaded: list[str], name: str) -> bool:
        return self._start([*(m for m in loaded if m != name), module], module).failed == module

    def _closure(self, module: str, seen: set[str]) -> list[str]:
        found: list[str] = []
        for name in self._wanted[module]:
            if name not in seen and name != module:
                seen.add(name)
                found += [*self._closure(name, seen), name]
        return found

    def _start(self, modules: Iterable[str], last: str) -> Outcome:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in FILES.items():
                Path(folder, name).write_text(text)
            lines = ["#!KAMAILIO", "listen=udp:127.0.0.1:5060", *self._load("db_text", folder)]
            for name in modules:
                lines += self._load(name, folder)
            status, log = kamailio.run("\n".join([*lines, STOP, *BLOCKS, ""]), "-DD", "-m", "64", seconds=6)
            log = log.replace(folder, "@")
        failed = (*FAILED.findall(log), f"exit {status}")[0]
        return Outcome(failed, "" if failed == STOPPER else (*COMPLAINT.findall(log), "")[0])

    def _load(self, name: str, folder: str) -> list[str]:
        database: dict[str, str | int] = {"db_url": DATABASE} if name in self._databases else {}
        values = (database | SETTINGS.get(name, {})).items()
        written = {key: f'"{value.replace("@", folder)}"' if isinstance(value, str) else value for key, value in values}
        return [f'loadmodule "{name}.so"', *(f'modparam("{name}", "{key}", {value})' for key, value in written.items())]
