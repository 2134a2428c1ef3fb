"""What is remembered of an answer's fields is of that answer alone."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.connections import cycle

JSON = (b"content-type", b"application/json")


def test_fields_are_those_of_this_answer() -> None:
    for size in (16, 2, 16):
        headers = (JSON, (b"content-length", b"%d" % size))
        written = cycle._usual_lines(headers, size)
        assert written == b"content-type: application/json\r\ncontent-length: %d\r\n" % size


@pytest.mark.parametrize(
    "more",
    [(b"content-length", b"16"), (b"transfer-encoding", b"chunked"), (b"x-note", b"a\r\nb: c")],
)
def test_what_is_not_whole_is_written_another_way_each_time(more: tuple[bytes, bytes]) -> None:
    for _ in range(2):
        assert cycle._usual_lines((JSON, (b"content-length", b"16"), more), 16) == b""


def test_a_length_that_is_not_the_bodys_is_none_however_often_it_was_right() -> None:
    headers = (JSON, (b"content-length", b"16"))
    assert cycle._usual_lines(headers, 16)
    assert cycle._usual_lines(headers, 17) == b""


def test_a_name_that_is_no_token_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="no token"):
            cycle._usual_lines((JSON, (b"bad name", b"x")), 1)
