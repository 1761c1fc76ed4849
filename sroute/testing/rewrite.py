"""Writes what a run gave into the comments of a test script, and leaves everything else in it alone."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path

from sroute.source.text import Source
from sroute.testing.expectations import parse
from sroute.testing.notation import Comment, Key, escape, notation

# Comments beside lines start in one column, unless lines are longer than this.
WIDEST = 70
Edit = tuple[int, int, str]
# A text and the line of the script that logged it, 0 when unknown.
Said = tuple[str, int]


def _comments(text: str, *keys: Key) -> list[Comment]:
    return [comment for comment in notation(Source("", text)) if comment.key in keys]


def _apply(text: str, edits: Iterable[Edit]) -> str:
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def _comment(key: Key, text: str) -> str:
    return f"# {key}: {escape(text)}".rstrip()


def _replace(source: str, comment: Comment, text: str) -> Edit:
    end = comment.span.end - 1 if source[comment.span.end - 1] == "\r" else comment.span.end
    return comment.span.start, end, _comment(comment.key, text)


def _remove(source: str, comment: Comment) -> Edit:
    """Without the blanks before it, and with its line where it stands alone."""
    start = comment.span.start
    while start and source[start - 1] in " \t":
        start -= 1
    alone = not start or source[start - 1] == "\n"
    end = min(comment.span.end + 1, len(source)) if alone else comment.span.end
    return start, end, ""


def _append(text: str, lines: Sequence[str]) -> str:
    if not lines:
        return text
    return text + ("" if text.endswith("\n") else "\n") + "".join(line + "\n" for line in lines)


def with_log(text: str, said: Sequence[Said]) -> str:
    """The script with `# expect:` comments for what it logged; comments that are there are filled in where their number fits."""
    old = _comments(text, "expect")
    if len(old) != len(said):
        return with_log_placed(text, said)
    return _apply(text, [_replace(text, comment, new) for comment, (new, _) in zip(old, said, strict=True)])


def with_log_placed(text: str, said: Sequence[Said]) -> str:
    """The script with new `# expect:` comments: beside their lines as long as the lines go down, what is left at the end."""
    old = _comments(text, "expect")
    # Removing a comment that has a line for itself moves the lines below it up.
    gone = [comment.span.line for comment in old if _alone(text, comment)]
    moved = [(new, line - sum(1 for number in gone if number < line)) for new, line in said]
    bare = _apply(text, [_remove(text, comment) for comment in old])
    return _beside(bare, moved) or _append(bare, [_comment("expect", new) for new, _ in said])


def _alone(text: str, comment: Comment) -> bool:
    return not text[text.rfind("\n", 0, comment.span.start) + 1 : comment.span.start].strip()


def _beside(text: str, said: Sequence[Said]) -> str | None:
    """The script with comments beside lines; None when the result would not read as what was said."""
    last = 0
    placed: list[Said] = []
    for new, line in takewhile(lambda one: one[1], said):
        if line <= last:
            break
        placed.append((new, line))
        last = line
    lines = text.split("\n")
    column = max((len(lines[line - 1].rstrip()) for _, line in placed if len(lines[line - 1].rstrip()) <= WIDEST), default=0)
    for new, line in placed:
        shown = lines[line - 1].rstrip()
        lines[line - 1] = f"{shown.ljust(column)}  {_comment('expect', new)}" + ("\r" if lines[line - 1].endswith("\r") else "")
    result = _append("\n".join(lines), [_comment("expect", new) for new, _ in said[len(placed) :]])
    reads = [expected.text for expected in parse(Path("-"), result).log]
    return result if reads == [new for new, _ in said] else None


def with_rpc(text: str, outputs: Sequence[str]) -> str:
    """The script with an `# expect rpc:` comment for each line that its `# rpc:` commands printed."""
    bare = _apply(text, [_remove(text, comment) for comment in _comments(text, "expect rpc")])
    edits: list[Edit] = []
    for comment, output in zip(_comments(bare, "rpc"), outputs, strict=True):
        end = comment.span.end - 1 if bare[comment.span.end - 1] == "\r" else comment.span.end
        lines = output.removesuffix("\n").split("\n") if output else []
        edits.append((end, end, "".join(f"\n{_comment('expect rpc', line)}" for line in lines)))
    return _apply(bare, edits)


def with_refused(text: str, message: str) -> str:
    """The script with the reason why it is refused."""
    old = _comments(text, "expect refused")
    if not old:
        return _append(text, [_comment("expect refused", message)])
    return _apply(text, [_replace(text, old[0], message)])


def with_diags(text: str, messages: Sequence[str]) -> str:
    """The script with an `# expect diag:` comment for each message, instead of those that it has."""
    old = _comments(text, "expect diag")
    if len(old) == len(messages):
        return _apply(text, [_replace(text, comment, new) for comment, new in zip(old, messages, strict=True)])
    bare = _apply(text, [_remove(text, comment) for comment in old])
    return _append(bare, [_comment("expect diag", message) for message in messages])
