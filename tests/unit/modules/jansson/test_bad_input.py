"""JSON and paths that are odd: refused, never another exception, never slow."""

import pytest

from sroute.modules.jansson import paths, text


@pytest.mark.parametrize("source", ["[" * 100_000, '{"a":' * 50_000, "", '{"a":1e999}', "[1" + "0" * 5000 + "]", '["\\ud800"]', "[\xff]"])
def test_bad_json_is_refused(source: str) -> None:
    with pytest.raises(text.BadJson):
        text.read(source)


@pytest.mark.parametrize("path", ["a." * 100_000, "[" * 100_000, "a[" + "9" * 100_000 + "]", "[0]" * 50_000, "a[--1]", "a[0x]", "\xff"])
def test_bad_paths_lead_nowhere(path: str) -> None:
    with pytest.raises(paths.BadPath):
        paths.get({"a": [1]}, path)


def test_written_text_reads_back() -> None:
    value: text.Json = {"a": [1, -2.5, 1e300, 'é\n\x1f"\\', None, True, {"": []}], "b": {}}
    assert text.read(text.written(value)) == value
