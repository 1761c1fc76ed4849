"""Building Record-Route headers: as changes that are settled only when the way out is known."""

from dataclasses import dataclass

from sroute.modules.rr.declaration import RecordRoute
from sroute.modules.rr.direction import is_upstream
from sroute.runtime.run import Run
from sroute.sip import uri as uris
from sroute.sip.lump import Anchor, Cond, Condition, Lumps, Piece, Subst, Substitution
from sroute.sip.message import Message

KIND = "record-route"
LONGEST_PARAMS = 512
_BUFFER = "rr_params"


@dataclass(slots=True, eq=False)
class Params(Piece):
    """The end of a Record-Route, to which parameters can be added; a piece of its own for each that was."""


def record(state: RecordRoute, run: Run, params: str) -> int:
    """record_route(): one header, and a second one in front where the request leaves by another socket; 0 or an error."""
    user = _user(state, run)
    if user is None:
        state.complain(run, "failed to extract username")
        return -1
    tail = _tail(state, run, params)
    if state.enable_double_rr:
        condition: Condition = "TRUE" if state.enable_double_rr == 2 else "DIFF_REALMS"
        _header(state, run, user, tail, outbound=True, condition=condition)
    _header(state, run, user, tail, outbound=False, condition=None)
    take_buffer(run)
    return 0


def _header(state: RecordRoute, run: Run, user: str, tail: list[Piece], *, outbound: bool, condition: Condition | None) -> None:
    """One Record-Route; the one for the way out is there only on a condition."""
    head, end = _anchors(run.message)
    side = "SND" if outbound else "RCV"
    what: Substitution = f"{side}_ALL_EX" if state.sockname_mode else f"{side}_ALL"  # type: ignore[assignment]
    if condition is not None:
        head.after.append(Cond("", condition))
        end.before.append(Cond("", condition))
    head.after += [Piece(f"Record-Route: <{_scheme(state, run.message)}:{user}"), Subst("", what)]
    _double(state, head)
    end.before += [*tail, Piece(">\r\n")]


def _double(state: RecordRoute, head: Anchor) -> None:
    """`;r2=on` where there are two headers."""
    if state.enable_double_rr:
        head.after += [Cond("", "TRUE" if state.enable_double_rr == 2 else "DIFF_REALMS"), Piece(";r2=on")]


def _anchors(message: Message) -> tuple[Anchor, Anchor]:
    """Two places in front of the first header; Kamailio can tell the first one for its own, not the second."""
    at = message.headers_start
    return message.lumps.anchor(at, KIND), message.lumps.anchor(at)


def _scheme(state: RecordRoute, message: Message) -> str:
    uri = message.parsed_uri
    return "sips" if uri is not None and uri.scheme == "sips" and not state.ignore_sips else "sip"


def _user(state: RecordRoute, run: Run) -> str | None:
    """The user and its `@`, empty without `add_username`; None when the URI does not parse."""
    if not state.add_username:
        return ""
    custom = state.custom_user(run) if state.custom_user is not None else None
    if isinstance(custom, str) and custom:
        return f"{custom}@"
    for text in (run.message.ruri, run.message.new_uri):
        uri = uris.parse(text) if text is not None else None
        if text is not None and uri is None:
            return None
        if uri is not None and uri.user:
            return f"{uri.user}@"
    return ""


def _tag(state: RecordRoute, run: Run) -> str:
    """`;ftag=` and the From tag of the request that made the dialog."""
    if not state.append_fromtag:
        return ""
    side = run.message.to if is_upstream(state.instance, run) else run.message.from_
    return f";ftag={side.tag}" if side is not None and side.tag else ""


def unreadable(state: RecordRoute, run: Run) -> bool:
    """Whether the From header, whose tag goes into Record-Route, can't be read; says so."""
    if not state.append_fromtag or run.message.from_ is not None:
        return False
    state.instance.diag("ERROR", f"bad From header [{run.message.value('from')}]", "core", run.at)
    state.complain(run, "From parsing failed")
    return True


def _lr(state: RecordRoute) -> str:
    return ";lr=on" if state.enable_full_lr else ";lr"


def _tail(state: RecordRoute, run: Run, params: str) -> list[Piece]:
    """The end of a header up to its bracket: lr, ftag, what was given, what was added before."""
    buffered = _buffered(run)
    end: list[Piece] = [Params(_lr(state) + _tag(state, run) + params)]
    return [*end, Params(buffered)] if buffered else end


def preset(state: RecordRoute, run: Run, address: str) -> int:
    """record_route_preset(): the address as given; 0 or an error."""
    user = _user(state, run)
    if user is None:
        state.complain(run, "failed to extract username")
        return -1
    head, end = _anchors(run.message)
    from_ = run.message.from_
    tag = f";ftag={from_.tag}" if state.append_fromtag and from_ is not None and from_.tag else ""
    head.after.append(Piece(f"Record-Route: <{_scheme(state, run.message)}:{user}{address}"))
    end.before.append(Params(tag + _lr(state)))
    if buffered := _buffered(run):
        end.before.append(Params(buffered))
    end.before.append(Piece(">\r\n"))
    return 0


def advertised(state: RecordRoute, run: Run, address: str) -> int:
    """record_route_advertised_address(): the address as given, with the transport where that changes; 0 or an error."""
    user = _user(state, run)
    if user is None:
        state.complain(run, "failed to extract username")
        return -1
    always = state.enable_double_rr == 2
    condition: Condition = "TRUE" if always else "DIFF_PROTO"
    for outbound in (True, False) if state.enable_double_rr else (False,):
        head, end = _anchors(run.message)
        if outbound:
            head.after.append(Cond("", condition))
            end.before.append(Cond("", condition))
        head.after += [Piece(f"Record-Route: <{_scheme(state, run.message)}:{user}{address}"), Cond("", condition)]
        head.after += [Piece(";transport="), Subst("", "SND_PROTO" if outbound else "RCV_PROTO")]
        _double(state, head)
        end.before.append(Params(_tag(state, run) + _lr(state)))
        if buffered := _buffered(run):
            end.before.append(Params(buffered))
        end.before.append(Piece(">\r\n"))
    return 0


# ---------------------------------------------------------------- parameters


def _buffered(run: Run) -> str:
    found = run.extra.get(_BUFFER)
    return found if isinstance(found, str) else ""


def take_buffer(run: Run) -> None:
    """What was added before the header has gone into it."""
    run.extra.pop(_BUFFER, None)


def add_param(state: RecordRoute, run: Run, text: str) -> int:
    """add_rr_param(): into the header that is there, or into the next one; 0 or an error."""
    ends = _open_ends(run.message.lumps)
    if not ends:
        buffered = _buffered(run)
        if len(buffered) + len(text) > LONGEST_PARAMS:
            state.complain(run, "maximum size of rr_param_buf exceeded")
            return -1
        run.extra[_BUFFER] = buffered + text
        return 0
    _append(ends[0], text)
    if state.enable_double_rr:
        if len(ends) < 2:
            state.complain(run, "failed to locate double RR lump", "CRITICAL")
            return -1
        _append(ends[1], text)
    return 0


def _open_ends(lumps: Lumps) -> list[Anchor]:
    return [anchor for anchor in lumps if any(isinstance(piece, Params) for piece in anchor.before)]


def _append(anchor: Anchor, text: str) -> None:
    last = max(n for n, piece in enumerate(anchor.before) if isinstance(piece, Params))
    anchor.before.insert(last + 1, Params(text))


def remove(run: Run) -> None:
    """remove_record_route(): takes back what Kamailio knows for its own, the beginnings.

    The ends stay: 5.6.3 sends a line `;lr;ftag=...>` where the header was.
    """
    for anchor in [a for a in run.message.lumps if a.kind == KIND]:
        run.message.lumps.remove(anchor)
