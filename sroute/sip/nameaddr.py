"""Bodies of From, To, Contact, Route and their like: display name, URI, parameters."""

import re
from typing import NamedTuple

Params = tuple[tuple[str, str | None], ...]

_LWS = r"(?:[ \t]|(?:\r\n?|\n)[ \t])*+"
_PLAIN = re.compile(r"<([A-Za-z0-9][^\s<>\"\\\0]*+)>(?:;tag=([^\s;=,\"\\\0]++))?+", re.A)
_ADDRESS = re.compile(
    r"[ \t]*+(?:"
    rf'(?P<quoted>"(?:[^"\\\r\n]|\\.)*+"){_LWS}<[ \t]*+(?P<quoted_uri>[^\s<>"\\;\0][^\s<>"\\\0]*+)[ \t]*+>'
    rf'|(?:(?P<token>[^\s<>"\\;\0]++(?:{_LWS}[^\s<>"\\;\0]++)*+){_LWS})?+<[ \t]*+(?P<token_uri>[^\s<>"\\;\0][^\s<>"\\\0]*+)[ \t]*+>'
    r'|(?P<bare>[^\s<>"\\;\0]++)'
    rf"){_LWS}",
    re.A | re.S,
)
_PARAM = re.compile(
    rf';{_LWS}(?P<name>[^\s;=,"\\\0]++){_LWS}(?:(?P<equal>=){_LWS}(?:"(?P<quoted>[^"\\\r\n\0]*+)"|(?P<value>[^\s;="\\\0]++))?{_LWS})?+',
    re.A,
)


class NameAddr(NamedTuple):
    """A display name, URI and header parameters; `start` and `end` of the parts are offsets into the text it was read from."""

    display: str
    uri: str
    params: Params
    tag: str | None
    uri_start: int
    params_text: str
    display_start: int
    end: int
    bracketed: bool
    tag_start: int = -1

    @property
    def uri_end(self) -> int:
        """The offset behind the URI."""
        return self.uri_start + len(self.uri)

    def param(self, name: str) -> str | None:
        """The value of a parameter by its name without case: `""` when it has none, None when it is not there."""
        wanted = name.lower()
        for key, value in self.params:
            if key.lower() == wanted:
                return value or ""
        return None


def _plain(match: re.Match[str], end: int) -> NameAddr:
    uri, tag = match.groups()
    params: Params = (("tag", tag),) if tag is not None else ()
    return NameAddr("", uri, params, tag, match.start(1), f"tag={tag}" if tag is not None else "", -1, end, True, match.start(2))


def parse(text: str, at: int = 0, stop: int | None = None) -> NameAddr | None:
    """A From or To body between two offsets, as Kamailio's parser of them takes it; None when it refuses.

    Nothing may follow, a comma neither; the last `tag` counts.
    """
    end = len(text) if stop is None else stop
    plain = _PLAIN.fullmatch(text, at, end)
    if plain is not None:
        return _plain(plain, end)
    match = _ADDRESS.match(text, at, end)
    if match is None:
        return None
    position = match.end()
    params: Params = ()
    tag: str | None = None
    tag_start = -1
    params_at = position
    if position < end:
        pairs = []
        while position < end:
            found = _PARAM.match(text, position, end)
            if found is None:
                if text[position] not in "\r\n":
                    return None
                end = position  # a line end that is no fold: the rest of the line does not count
                break
            name, equal, quoted, value = found.groups()
            got = quoted if quoted is not None else value
            if equal and got is None:
                got = ""
            pairs.append((name, got))
            if len(name) == 3 and name.lower() == "tag":
                tag = (got or "").lstrip(",") if quoted is None else quoted
                tag_start = found.start("quoted" if quoted is not None else "value") + len(got or "") - len(tag)
                pairs[-1] = (name, None if got is None else tag)
            elif value is not None and "," in value:
                return None
            position = found.end()
        params = tuple(pairs)
    group = match.lastgroup
    if group == "bare":
        uri_at, uri, display, display_at = match.start("bare"), match["bare"], "", -1
    elif group == "quoted_uri":
        uri_at, uri, display, display_at = match.start(group), match[group], match["quoted"], match.start("quoted")
    else:
        uri_at, uri, display, display_at = match.start("token_uri"), match["token_uri"], match["token"] or "", match.start("token")
    return NameAddr(display, uri, params, tag, uri_at, text[params_at + 1 : end], display_at, end, group != "bare", tag_start)
