"""Codecs of session descriptions: are they there, taking them out, keeping some."""

import re
from collections.abc import Iterable

from sroute.exports.fixups import FORMAT
from sroute.modules.sdpops.module import NONE, Description, SdpOps, sdpops
from sroute.runtime.run import Run
from sroute.sip.sdp import STATIC_CODECS, Media

_BLANKS = " \t\r\n"
_NUMBERED = ("PCMU", "GSM", "G723", "DVI4", "LPC", "PCMA", "G722", "L16", "QCELP", "CN", "MPA", "G728", "G729")
_STATIC = {name.lower(): STATIC_CODECS[name].split(":") for name in _NUMBERED}
_MOST = 16
_ROOM = 128
_WORD = re.compile(r"[^ \t]+")


def tokens(listed: str) -> list[str]:
    """The items of a list with commas, up to an empty one or a line end."""
    found = []
    for item in re.split(r"[\r\n\0]", listed.strip(_BLANKS), maxsplit=1)[0].split(","):
        if not item.lstrip(_BLANKS):
            break
        found.append(item.lstrip(_BLANKS))
    return found


def numbers(state: SdpOps, run: Run, description: Description, names: str) -> list[str] | None:
    """The payload numbers of codec names: the fixed ones, else those of the description; None when there are none."""
    found: list[str] = []
    for name in tokens(names):
        fixed = _STATIC.get(name.lower())
        if fixed is None:
            dynamic = [number for media in description.media for number, codec in _rtpmaps(media) if codec.lower() == name.lower()]
            fixed = dynamic if len(dynamic) <= _MOST else []
        found += fixed
    if len(",".join(found)) >= _ROOM:
        state.complain(run, "the list with codecs ids is too big")
        return None
    return found or None


def _rtpmaps(media: Media) -> list[tuple[str, str]]:
    found = []
    for value in media.attributes("rtpmap"):
        number, _, codec = value.partition(" ")
        if number in media.formats:
            found.append((number, codec.strip(_BLANKS).partition("/")[0]))
    return found


# ---------------------------------------------------------------- are they there


def _with(description: Description, wanted: list[str]) -> int:
    """1 when all of them are in every media, 2 when one is in one; 0 otherwise."""
    there = [number in media.formats for media in description.media for number in wanted]
    return 0 if not any(there) else 1 if all(there) else 2


@sdpops.function("sdp_with_codecs_by_id", FORMAT)
def sdp_with_codecs_by_id(state: SdpOps, run: Run, codecs: str) -> int:
    """Whether payload numbers are offered: 1 when all media have all of them, 2 when some are missing, -1 when none is there.

    Example: if (sdp_with_codecs_by_id("0,8")) { xlog("G.711\\n"); }
    """
    description = state.look(run)
    if description is None or description is NONE:
        return -2
    return _with(description, tokens(codecs)) or -1


@sdpops.function("sdp_with_codecs_by_name", FORMAT)
def sdp_with_codecs_by_name(state: SdpOps, run: Run, codecs: str) -> int:
    """As sdp_with_codecs_by_id() by names of codecs; those with fixed numbers stand for these.

    Example: if (sdp_with_codecs_by_name("PCMU")) { xlog("G.711\\n"); }
    """
    description = state.look(run)
    if description is None or description is NONE:
        return -1
    wanted = numbers(state, run, description, codecs)
    return -1 if wanted is None else _with(description, wanted) or -1


# ---------------------------------------------------------------- taking out


def _chosen(description: Description, media: str) -> Iterable[Media]:
    return (each for each in description.media if not media or each.kind.lower() == media.lower())


def _remove(run: Run, media: Media, number: str) -> None:
    """Takes a payload number out of the media line, and what describes it."""
    lumps, line = run.message.body_lumps, media.lines[0]
    words = list(_WORD.finditer(line.value))[3:]
    place = next((word for word in words if word[0] == number), None)
    if place is not None:
        lumps.delete(line.value_start + place.start() - 1, len(number) + 1)
    if number not in media.formats:
        return
    for name in ("rtpmap", "fmtp"):
        described = [each for each in media.lines if each.type == "a" and _describes(each.value, name, number)]
        if described:
            lumps.delete(described[-1].start, described[-1].end - described[-1].start)


def _describes(value: str, name: str, number: str) -> bool:
    key, _, rest = value.partition(":")
    return key == name and rest.split(" ", 1)[0] == number


def _remove_each(run: Run, description: Description, listed: list[str], media: str) -> int:
    for each in _chosen(description, media):
        for number in listed:
            _remove(run, each, number)
    return 1


def _keep(run: Run, description: Description, listed: list[str], media: str) -> int:
    for each in _chosen(description, media):
        for number in each.formats:
            if number not in listed:
                _remove(run, each, number)
    return 1


@sdpops.function("sdp_remove_codecs_by_id", FORMAT)
def sdp_remove_codecs_by_id(state: SdpOps, run: Run, codecs: str) -> int:
    """Removes payload numbers with their rtpmap and fmtp lines from all media; true also when they are not there.

    Example: sdp_remove_codecs_by_id("0,8");
    """
    return _remove_by_id(state, run, codecs, "")


@sdpops.function("sdp_remove_codecs_by_id", FORMAT, FORMAT)
def sdp_remove_codecs_by_id_from(state: SdpOps, run: Run, codecs: str, media: str) -> int:
    """As sdp_remove_codecs_by_id() from one kind of media.

    Example: sdp_remove_codecs_by_id("31", "video");
    """
    return _remove_by_id(state, run, codecs, media)


def _remove_by_id(state: SdpOps, run: Run, codecs: str, media: str) -> int:
    description = state.look(run)
    if description is None or description is NONE:
        return -1
    return _remove_each(run, description, tokens(codecs), media)


@sdpops.function("sdp_remove_codecs_by_name", FORMAT)
def sdp_remove_codecs_by_name(state: SdpOps, run: Run, codecs: str) -> int:
    """As sdp_remove_codecs_by_id() by names of codecs; -1 when they have no numbers.

    Example: sdp_remove_codecs_by_name("PCMU,iLBC");
    """
    return _remove_by_name(state, run, codecs, "")


@sdpops.function("sdp_remove_codecs_by_name", FORMAT, FORMAT)
def sdp_remove_codecs_by_name_from(state: SdpOps, run: Run, codecs: str, media: str) -> int:
    """As sdp_remove_codecs_by_name() from one kind of media.

    Example: sdp_remove_codecs_by_name("H264", "video");
    """
    return _remove_by_name(state, run, codecs, media)


def _remove_by_name(state: SdpOps, run: Run, codecs: str, media: str) -> int:
    description = state.look(run)
    if description is None or description is NONE:
        return -1
    listed = numbers(state, run, description, codecs)
    return -1 if listed is None else _remove_each(run, description, listed, media)


# ---------------------------------------------------------------- keeping


@sdpops.function("sdp_keep_codecs_by_id", FORMAT)
def sdp_keep_codecs_by_id(state: SdpOps, run: Run, codecs: str) -> int:
    """Removes all payload numbers but these from all media. No blanks in the list.

    Example: sdp_keep_codecs_by_id("0,8");
    """
    return _keep_by_id(state, run, codecs, "")


@sdpops.function("sdp_keep_codecs_by_id", FORMAT, FORMAT)
def sdp_keep_codecs_by_id_in(state: SdpOps, run: Run, codecs: str, media: str) -> int:
    """As sdp_keep_codecs_by_id() in one kind of media.

    Example: sdp_keep_codecs_by_id("31", "video");
    """
    return _keep_by_id(state, run, codecs, media)


def _keep_by_id(state: SdpOps, run: Run, codecs: str, media: str) -> int:
    description = state.look(run)
    if description is None or description is NONE:
        return -1
    return _keep(run, description, codecs.split(","), media)


@sdpops.function("sdp_keep_codecs_by_name", FORMAT)
def sdp_keep_codecs_by_name(state: SdpOps, run: Run, codecs: str) -> int:
    """As sdp_keep_codecs_by_id() by names of codecs; -1 when they have no numbers.

    Example: sdp_keep_codecs_by_name("PCMU,PCMA,telephone-event");
    """
    return _keep_by_name(state, run, codecs, "")


@sdpops.function("sdp_keep_codecs_by_name", FORMAT, FORMAT)
def sdp_keep_codecs_by_name_in(state: SdpOps, run: Run, codecs: str, media: str) -> int:
    """As sdp_keep_codecs_by_name() in one kind of media.

    Example: sdp_keep_codecs_by_name("PCMU", "audio");
    """
    return _keep_by_name(state, run, codecs, media)


def _keep_by_name(state: SdpOps, run: Run, codecs: str, media: str) -> int:
    description = state.look(run)
    if description is None or description is NONE:
        return -1
    listed = numbers(state, run, description, codecs)
    return -1 if listed is None else _keep(run, description, listed, media)
