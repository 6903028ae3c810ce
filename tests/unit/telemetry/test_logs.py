from __future__ import annotations

import io
import json
import logging

import pytest

from extproc.telemetry.logs import FIELDS, MAX_TEXT, configure, event

SECRET = "my social security number is 078-05-1120"


@pytest.fixture
def lines():
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.getLogger("extproc").level
    configure(stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger("extproc").setLevel(before[2])
    logging.captureWarnings(False)


LOG = logging.getLogger("extproc.test")


def test_an_event_is_one_json_line(lines):
    event(LOG, logging.WARNING, "policy reload failed", count=2, errors=["a.yaml:3: x"])
    [line] = lines()
    assert line["event"] == "policy reload failed"
    assert (line["level"], line["logger"]) == ("warning", "extproc.test")
    assert (line["count"], line["errors"]) == (2, ["a.yaml:3: x"])
    assert line["at"].startswith("test_logs:")
    assert line["at"].endswith("test_an_event_is_one_json_line")
    assert line["ts"].endswith("Z")


def test_fields_must_be_declared():
    with pytest.raises(ValueError, match="not a log field: prompt"):
        event(LOG, logging.WARNING, "x", prompt=SECRET)


def test_undeclared_extras_are_left_out(lines):
    LOG.warning("x", extra={"prompt": SECRET, "seq": 3})
    [line] = lines()
    assert line["seq"] == 3
    assert SECRET not in json.dumps(line)


def test_arguments_are_never_written(lines):
    LOG.warning("failed on %s", SECRET)
    [line] = lines()
    assert line["event"] == "failed on %s"
    assert SECRET not in json.dumps(line)


def test_exceptions_show_their_type_and_place_only(lines):
    def inner():
        raise ValueError(SECRET)

    try:
        inner()
    except ValueError:
        LOG.exception("inspector failed")
    [line] = lines()
    assert line["exception"] == "ValueError"
    assert line["frames"][-1].endswith(" inner")
    assert SECRET not in json.dumps(line)


def test_an_exception_as_a_field_is_its_type(lines):
    event(LOG, logging.ERROR, "x", error=ValueError(SECRET))
    assert lines()[0]["error"] == "ValueError"


def test_messages_of_other_packages_are_left_out(lines):
    logging.getLogger("aiohttp.server").error(f"Error handling {SECRET}")  # noqa: G004
    logging.getLogger("extprocessor").error(SECRET)
    for line in lines():
        assert "event" not in line
        assert line["at"].startswith("test_logs:")
        assert SECRET not in json.dumps(line)


def test_other_packages_are_heard_from_warnings_on(lines):
    logging.getLogger("presidio-analyzer").info("x")
    LOG.info("started")
    assert [line["event"] for line in lines()] == ["started"]


def test_a_line_break_cannot_forge_a_line(lines):
    event(LOG, logging.INFO, "x", reason='a\n{"event":"forged"}')
    assert len(lines()) == 1


@pytest.mark.parametrize(
    ("length", "kept"),
    [(MAX_TEXT - 1, MAX_TEXT - 1), (MAX_TEXT, MAX_TEXT), (MAX_TEXT + 1, MAX_TEXT)],
)
def test_long_texts_are_cut(lines, length, kept):
    event(LOG, logging.INFO, "x", reason="a" * length)
    assert len(lines()[0]["reason"]) == kept


def test_no_field_is_named_like_content():
    assert not FIELDS & {"prompt", "text", "body", "content", "message", "headers", "value"}
