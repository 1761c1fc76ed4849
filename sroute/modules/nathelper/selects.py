"""The select of nathelper: a contact with the source address in it, the message left as it is."""

from sroute.exports.select import Factory, Parts
from sroute.modules.nathelper.contact import Found
from sroute.modules.nathelper.module import nathelper
from sroute.modules.pv.select_addresses import address_below
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.sip import contact as contacts
from sroute.sip import uri as uris
from sroute.sip.contact import Contact


@nathelper.select("nathelper")
def select_nathelper(index: int | str | None, rest: Parts) -> Factory | None:
    """`@nathelper.rewrite_contact[n]`: the n-th contact from 1 with the source address and port of the message in its URI.

    Of each Contact header the last value comes first. `.nameaddr.uri`, `.nameaddr.name` and `.nameaddr.params` are its parts.

    Example: xlog("$sel(nathelper.rewrite_contact[1])\\n");
    """
    match rest:
        case (("rewrite_contact", int(number)), *below) if index is None and address_below(_nothing, tuple(below)) is not None:
            return lambda services: _reader(services, number, tuple(below))
        case _:
            return None


def _nothing(run: Run) -> None:
    return None


def _reader(services: Services, number: int, below: Parts) -> Read:
    made = address_below(lambda run: _rewritten(services, run, number), below)
    assert made is not None
    return made(services)


def _rewritten(services: Services, run: Run, number: int) -> str | None:
    def complain(why: str) -> None:
        services.diag("ERROR", f"rewrite contact[{number}] - {why}", "nathelper", run.at)

    if number <= 0:
        complain("zero or negative index not supported")
        return None
    listed = _contacts(run)
    if listed is None:
        complain("error while parsing Contact")
        return None
    if number > len(listed):
        return None
    value = listed[number - 1]
    uri = uris.parse(value.uri)
    if uri is None or not uri.host:
        complain("error while parsing Contact URI")
        return None
    text, source, found = run.message.text, run.message.src, Found(uri, value.uri_start, value.uri_end, changed=False)
    made = f"{value.uri[: found.host]}{source.host}:{source.port}{value.uri[found.hostport_end :]}"
    return text[value.start : value.uri_start] + made + text[value.uri_end : value.end].rstrip(" \t\r\n")


def _contacts(run: Run) -> list[Contact] | None:
    """All contacts in the order in which 5.6.3 keeps them; None when one header can't be read."""
    found: list[Contact] = []
    for header in run.message.all("contact"):
        body = contacts.parse(run.message.text, header.body_start, header.body_end)
        if body is None:
            return None
        found += body.values[::-1]
    return found
