"""Files: read into a variable, written from a text. Only below the script's folder and the folders that the user allows."""

from pathlib import Path

from sroute.exports.fixups import FORMAT, TARGET, PvRef
from sroute.modules.corex.module import CoreExtras, corex
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Run


@corex.function("file_read", FORMAT, TARGET)
def file_read(state: CoreExtras, run: Run, path: str, target: PvRef) -> int:
    """Reads a file into a variable; -1 when it can't be read. The file must lie in a folder that sroute may open.

    Example: file_read("greeting.txt", "$var(text)");
    """
    if not path:
        state.complain(run, "cannot get file path")
        return -1
    text = state.written.get(path)
    if text is None:
        text = _content(state, run, path)
    if text is None:
        return -1
    try:
        target.set(run, text)
    except AssignError as error:
        state.complain(run, str(error))
        return -1
    return 1


def _content(state: CoreExtras, run: Run, path: str) -> str | None:
    world = state.instance.world
    if not world.may_open(Path(path)):
        state.instance.note(f"file_read(): {path} is outside of the folders that sroute may open (--allow-path)", run.at)
        return None
    try:
        return (world.folder / path).read_bytes().decode("latin-1")
    except OSError:
        state.complain(run, f"cannot open file: {path}")
        return None


@corex.function("file_write", FORMAT, FORMAT)
def file_write(state: CoreExtras, run: Run, path: str, content: str) -> int:
    """Writes a text into a file, over what was there. Without --write the text is kept in memory, for file_read().

    Example: file_write("last.txt", "$ci\\n");
    """
    if not path or not content:
        state.complain(run, "cannot get file path" if not path else "cannot get the content")
        return -1
    world = state.instance.world
    reachable = world.may_open(Path(path))
    if reachable and not (world.folder / path).parent.is_dir():
        state.complain(run, f"cannot open file: {path}")
        return -1
    if not world.write or not reachable:
        state.instance.note(f"file_write(): {path} is not written (--write, --allow-path); file_read() sees the text", run.at)
        state.written[path] = content
        return 1
    try:
        (world.folder / path).write_bytes(content.encode("latin-1"))
    except OSError:
        state.complain(run, f"cannot open file: {path}")
        return -1
    return 1
