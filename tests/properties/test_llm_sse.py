"""However a stream is cut into messages, its frames are the same, and no byte is lost."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from extproc.llm.sse import Frame, SseParser, encode

LINES = st.sampled_from(
    [
        b"data: x",
        b"data:",
        b"data",
        b"event: e",
        b": c",
        b"id: 1",
        b"\xef\xbb\xbf",
        b"\xe2\x82",
        b"",
    ]
)
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
STREAMS = st.lists(st.tuples(LINES, ENDS)).map(lambda it: b"".join(a + b for a, b in it))


def parsed(pieces: list[bytes]) -> list[Frame]:
    parser = SseParser()
    frames = [frame for piece in pieces for frame in parser.feed(piece)]
    return frames + parser.end()


@given(STREAMS | st.binary(max_size=40), st.lists(st.integers(0, 60)))
def test_any_split_gives_the_same_frames(stream: bytes, cuts: list[int]) -> None:
    at = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[a:b] for a, b in pairwise(at)]
    whole = parsed([stream])
    assert parsed(pieces) == whole
    assert parsed([bytes([byte]) for byte in stream]) == whole
    assert b"".join(frame.raw for frame in whole) == stream


@given(
    st.none() | st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), min_size=1),
    st.text(st.characters(codec="utf-8")),
)
def test_what_is_encoded_is_read_back(event: str | None, data: str) -> None:
    (frame,) = parsed([encode(event, data)])
    assert frame.event == event
    assert frame.data == data.replace("\r\n", "\n").replace("\r", "\n")
