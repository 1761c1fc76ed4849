"""Random chains of transformations, calls of functions without side effects, and changes of a message; scripts that print the outcome."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sroute.dialect import DEFAULT
from sroute.modules.catalog import Catalog
from sroute.resolve.resolver import resolve
from sroute.syntax.parser import parse

_POOLS: dict[str, list[str]] = json.loads(Path(__file__).with_name("pools.json").read_text("utf-8"))
MODULES = _POOLS["MODULES"]
URIS = _POOLS["URIS"]
ADDRESSES = _POOLS["ADDRESSES"]
TEXTS = _POOLS["TEXTS"]
NUMBERS = _POOLS["NUMBERS"]
CHARACTERS = _POOLS["CHARACTERS"]
WORDS = _POOLS["WORDS"]
PLAIN = _POOLS["PLAIN"]
WITH_ARGUMENTS = _POOLS["WITH_ARGUMENTS"]
SUBSTITUTIONS = _POOLS["SUBSTITUTIONS"]
VALUES = _POOLS["VALUES"]
CALLS = _POOLS["CALLS"]
PATTERNS = _POOLS["PATTERNS"]
GLOBS = _POOLS["GLOBS"]
MESSAGE = _POOLS["MESSAGE"]
READ = _POOLS["READ"]
RECEIVED = _POOLS["RECEIVED"]
HEAD = "#!KAMAILIO\n" + "".join(f'loadmodule "{name}.so"\n' for name in MODULES)
HEAD += 'modparam("htable", "htable", "a=>size=4;")\n'
BODY = (
    "v=0\r\no=- 1 1 IN IP4 10.1.1.1\r\ns=-\r\nc=IN IP4 10.1.1.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:8 PCMA/8000\r\nm=video 4002 RTP/AVP 31\r\na=sendrecv\r\n"
)
_LETTER = re.compile(r"(?<![\w$\"./;:-])([A-Z])(?![\w\"(.-])|(?<=;)W(?==)|(?<=: )W(?=\\)")


def quoted(text: str) -> str:
    """A text as a string of the script."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    return f'"{plain}"'


def any_text(rng: Random) -> str:
    """A text of any kind."""
    return rng.choice(rng.choice([URIS, ADDRESSES, TEXTS, TEXTS]))


def _constant(text: str) -> str:
    return text.replace("$", "").replace("#", "")


def argument(letter: str, rng: Random) -> str:
    """What stands for a letter of CALLS and MESSAGE."""
    match letter:
        case "T":
            return quoted(rng.choice(["$var(t)", _constant(any_text(rng)), _constant(rng.choice(TEXTS)), "$var(w)$var(n)"]))
        case "U":
            return quoted(rng.choice(URIS))
        case "N":
            return rng.choice(["0", "1", "5", "-1", '"5"', '"x"', "70000", "$var(n)"])
        case "W":
            return rng.choice(["abc", "zz", "a", "one", "X1"])
        case "E":
            return quoted(rng.choice(PATTERNS))
        case "G":
            return quoted(rng.choice(GLOBS))
        case "R":
            return f'"{rng.choice(SUBSTITUTIONS)}"'.replace("\\", "\\\\")
        case "V":
            return quoted(rng.choice(VALUES))
        case "O":
            return '"$var(o)"'
        case _:
            return quoted(rng.choice(_POOLS[letter]))


def transformation(rng: Random) -> str:
    """One transformation with its arguments, without the braces."""
    if rng.random() < 0.5:
        return rng.choice(PLAIN)
    name, *kinds = rng.choice(WITH_ARGUMENTS).split(",")
    pools = {"N": NUMBERS, "P": ("0", "1", "2", "5", "16"), "C": CHARACTERS, "D": (",", ";", "&", " "), "W": WORDS, "R": SUBSTITUTIONS}
    return ",".join([name, *(rng.choice(pools[kind]) for kind in kinds)])


def chain(rng: Random) -> str:
    """Prints what a chain of transformations makes of a text or a number, twice."""
    source = rng.choice(["var(t)", "var(t)", "var(t)", "var(n)", "avp(t)", "avp(none)", "ru", "fu"])
    steps = "".join(f"{{{transformation(rng)}}}" for _ in range(rng.choice([1, 1, 2, 2, 3])))
    steps = steps.replace("\\", "\\\\")
    if "$var(n)" in steps or "$var(m)" in steps or "$var(five)" in steps:
        source = "var(t)"  # a number's own text and that of an argument share a buffer in 5.6.3
    given = quoted(any_text(rng))
    return f'$var(t) = {given}; $avp(t) = {given}; $var(n) = {rng.choice(NUMBERS[:11])}; xlog("@ $({source}{steps})|\\n");'


def call(rng: Random) -> str:
    """Prints the code of a function, what it has assigned, and an XAVP that it may make."""
    text = rng.choice(CALLS)
    name, _, kinds = text.removesuffix(")").partition("(")
    arguments = ", ".join("a" if kind == "a" else argument(kind, rng) for kind in kinds.split(",") if kind)
    given = quoted(any_text(rng))
    before = f"$var(t) = {given}; $avp(t) = {given}; $xavp(t) = {given}; $xavp(xa) = $null; $xavp(xb) = $null;"
    before += f" $var(n) = {rng.choice(NUMBERS[:11])}; $var(o) = 0;"
    return f"{before} {name}({arguments.replace('a,', chr(34) + 'a' + chr(34) + ',', 1) if kinds.startswith('a,') else arguments}); " + (
        'xlog("@ $rc|$var(o)|$xavp(xa=>a)|$xavp(xa=>b)|$xavp(xb=>a)|\\n");'
    )


def change(rng: Random) -> str:
    """Changes the message now and then, reads what there is of it, and sends it on."""
    lines = [f"$var(t) = {quoted(rng.choice(TEXTS))}; $var(n) = {rng.choice(['0', '1', '-1', '7'])};"]
    for _ in range(rng.choice([1, 1, 2, 3, 4])):
        text = _LETTER.sub(lambda found: argument(found[0], rng), rng.choice(MESSAGE))
        lines.append(f"{text};" + (' xlog("@ $rc\\n");' if "(" in text.split("=")[0] else ""))
    lines += [f'xlog("@ {name} ${name}|\\n");' for name in rng.sample(READ, 8)]
    if rng.random() < 0.5:
        lines.append('msg_apply_changes(); xlog("@ $rc $mb|\\n");')
        lines += [f'xlog("@ {name} ${name}|\\n");' for name in rng.sample(READ, 8)]
    return " ".join(lines)


def starts(body: str, routes: str = "") -> bool:
    """Whether sroute takes a statement (what is refused is for other tests)."""
    parsed = parse("one.cfg", f"{HEAD}request_route {{\n{body}\n}}\n{routes}")
    return parsed.script is not None and parsed.ok and not resolve(parsed.script, DEFAULT, Catalog()).refused


def made(rng: Random, kind: str) -> Iterator[str]:
    """Statements of a kind (chain, call, change) without end."""
    makers = {"chain": chain, "call": call, "change": change}
    while True:
        text = makers[kind](rng)
        if starts(text):
            yield text


def script(statements: list[str]) -> str:
    """One script that runs them all for one message."""
    body = "\n".join("    " + text.replace('xlog("@', f'xlog("{number}') for number, text in enumerate(statements))
    return f'{HEAD}request_route {{\n    $var(w) = "b"; $var(five) = 5; $var(m) = -2; $sht(a=>ab) = "xy"; $sht(a=>b1) = 5;\n{body}\n}}\n'


def routed(statements: list[str]) -> str:
    """One script that runs one of them for each message, by its number in X-N, and sends the message on."""
    lines = [HEAD, "request_route {\n"]
    for number in range(len(statements)):
        lines.append(f'    if ($hdr(X-N) == "{number}") {{ route(R{number}); }}\n')
    lines.append("    $fs = $null; forward(127.0.0.1, 5099);\n}\n")
    for number, text in enumerate(statements):
        shown = text.replace('xlog("@', f'xlog("{number}')
        lines.append(f"route[R{number}] {{ {shown} }}\n")
    return "".join(lines)


def message(number: int, rng: Random) -> str:
    """The request for a statement."""
    uri = rng.choice(
        ["sip:bob@127.0.0.1:5060", "sip:bob@127.0.0.1:5060;x=1;alias=10.0.0.1~5~1", "sip:127.0.0.1", "sip:+49123:pw@127.0.0.1;user=phone"]
    )
    frm = rng.choice(
        ["<sip:alice@127.0.0.1>;tag=f", '"A" <sip:alice@127.0.0.1>;tag=f', "sip:alice@127.0.0.1;tag=f", "A <sip:127.0.0.1>;tag=f"]
    )
    to = rng.choice(["<sip:bob@127.0.0.1>", '"B B" <sip:bob@127.0.0.1;x>', "sip:bob@127.0.0.1", "<sip:127.0.0.1:5>;tag=t"])
    head = "\r\n".join(RECEIVED).format(uri=uri, frm=frm, to=to, number=number)
    return f"{head}\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}"
