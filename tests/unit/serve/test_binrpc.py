import pytest
from hypothesis import given
from hypothesis import strategies as st

from sroute.instance import binrpc, jsonrpc
from sroute.instance.live_ports import document_end


def test_a_request_is_read_back() -> None:
    data = binrpc.request(b"\1\2\3\4", "htable.seti", ("test", "k", -5, 70000, 0, "x" * 300))
    found = binrpc.take(data + b"more")
    assert found is not None
    assert found[0] == binrpc.Request(b"\1\2\3\4", "htable.seti", ("test", "k", -5, 70000, 0, "x" * 300))
    assert found[1] == len(data)
    assert all(binrpc.take(data[:cut]) is None for cut in range(len(data)))


@given(st.binary(max_size=60))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    for packet in (data, b"\xa1" + data, b"\xa1\x00" + data, b"\xa1\x03" + bytes([len(data)]) + b"abcd" + data):
        try:
            binrpc.take(packet)
        except binrpc.BinrpcError:
            continue


@pytest.mark.parametrize("body", [b"\x03", b"\x83", b"\x91", b"\x50ab", b"\x47x", b"\xd0\xff\xff\xff\xff\xff"])
def test_values_that_no_command_takes_are_refused(body: bytes) -> None:
    with pytest.raises(binrpc.BinrpcError):
        binrpc.take(b"\xa1\x00" + bytes([len(body) + 4]) + b"c\x31ab\0" + body)


@given(st.binary(max_size=60))
def test_no_bytes_break_json(data: bytes) -> None:
    jsonrpc.answer(data, lambda name, args: None, lambda name: True)
    document_end(data)


def test_deep_json_is_refused() -> None:
    assert jsonrpc.answer(b'{"jsonrpc":"2.0","params":' + b"[" * 200_000, lambda name, args: None, lambda name: True) is None
