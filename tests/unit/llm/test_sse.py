import pytest

from extproc.llm.sse import Frame, FrameTooLarge, SseParser, encode


def frames(stream: bytes) -> list[Frame]:
    parser = SseParser()
    return [*parser.feed(stream), *parser.end()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_ending(end: str) -> None:
    first = f"event: a{end}data: 1{end}{end}".encode()
    second = f"data: 2{end}{end}".encode()
    assert frames(first + second) == [Frame(first, "a", "1"), Frame(second, None, "2")]


def test_mixed_line_endings() -> None:
    assert [f.data for f in frames(b"data: 1\r\n\ndata: 2\n\r\ndata: 3\r\rdata: 4\n\n")] == [
        "1",
        "2",
        "3",
        "4",
    ]


@pytest.mark.parametrize(
    ("frame", "event", "data"),
    [
        (b"data:x\n\n", None, "x"),
        (b"data:  x \n\n", None, " x "),
        (b"data: a\ndata:b\ndata\n\n", None, "a\nb\n"),
        (b": comment\n\n", None, None),
        (b": ping\ndata: x\n\n", None, "x"),
        (b"event: a\nevent: b\nid: 7\nretry: 5\ndata: x:y\n\n", "b", "x:y"),
        (b"event: e\n\n", "e", None),
        (b"\xef\xbb\xbfdata: x\n\n", None, "x"),
        ("data: é\n\n".encode(), None, "é"),
        (b"data: \xff\n\n", None, "\ufffd"),
        (b" data: x\n\n", None, None),
        (b"\n", None, None),
    ],
)
def test_fields(frame: bytes, event: str | None, data: str | None) -> None:
    assert frames(frame) == [Frame(frame, event, data)]


def test_a_byte_order_mark_counts_only_at_the_start() -> None:
    assert [f.data for f in frames(b"data: 1\n\n\xef\xbb\xbfdata: 2\n\n")] == ["1", None]


def test_blank_lines_between_frames_are_kept() -> None:
    assert [f.raw for f in frames(b"\n\ndata: 1\n\n\n")] == [b"\n", b"\n", b"data: 1\n\n", b"\n"]


def test_a_frame_is_given_as_soon_as_it_is_whole() -> None:
    parser = SseParser()
    assert parser.feed(b"data: 1\n") == []
    assert [f.data for f in parser.feed(b"\nda")] == ["1"]
    assert [f.data for f in parser.feed(b"ta: 2\r\n\r\n")] == ["2"]


def test_a_carriage_return_waits_for_its_line_feed() -> None:
    parser = SseParser()
    assert parser.feed(b"data: 1\r\n\r") == []
    assert parser.feed(b"\n") == [Frame(b"data: 1\r\n\r\n", None, "1")]
    assert parser.feed(b"data: 2\r\r") == []
    assert parser.end() == [Frame(b"data: 2\r\r", None, "2")]


def test_what_is_left_at_the_end_is_not_lost() -> None:
    assert frames(b"data: 1\n\ndata: 2\n") == [
        Frame(b"data: 1\n\n", None, "1"),
        Frame(b"data: 2\n", None, "2", ended=False),
    ]


def test_frames_are_limited_in_size() -> None:
    fits = b"data: " + b"x" * 92 + b"\n\n"
    parser = SseParser(max_frame=100)
    assert len(parser.feed(fits * 3)) == 3
    assert len(parser.feed(fits[:-1]) + parser.feed(b"\n")) == 1
    with pytest.raises(FrameTooLarge):
        parser.feed(b"x" + fits)
    with pytest.raises(FrameTooLarge):
        SseParser(max_frame=100).feed(b"x" * 101)


def test_encode() -> None:
    assert encode(None, "[DONE]") == b"data: [DONE]\n\n"
    assert encode("ping", "a\nb") == b"event: ping\ndata: a\ndata: b\n\n"
