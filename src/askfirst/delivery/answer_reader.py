"""Reads one HTTP answer after another off a connection."""

from __future__ import annotations

from typing import Final

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from askfirst.ports.sending.http_connection import Answer

ANSWER_BYTES_MAX: Final = 8 * 1024 * 1024
"""Head and body together. Meta's pages of templates are the largest and stay below 1 MB."""

_FINAL = 200


class BrokenAnswer(Exception):
    """What came is no answer, or more of it than anyone needs."""


class AnswerReader:
    """Takes bytes as they come and gives an answer once it is whole.

    `answer` is None until then. `reusable` says whether the connection may carry another
    request: not after `Connection: close`, nor with bytes that nobody asked for.
    """

    __slots__ = (
        "_content_type",
        "_has_end",
        "_has_head",
        "_parser",
        "_parts",
        "_retry_after",
        "_size",
        "_size_max",
        "answer",
        "reusable",
    )

    def __init__(self, size_max: int = ANSWER_BYTES_MAX) -> None:
        self._size_max = size_max
        self._parser = HttpResponseParser(self)
        self.start()

    def start(self) -> None:
        """Expect the next answer."""
        self.answer: Answer | None = None
        self.reusable = False
        self._size = 0
        self._forget()

    def feed(self, data: bytes) -> bool:
        """Take some bytes; True once the answer is whole, BrokenAnswer where it never will be."""
        self._size += len(data)
        if self._size > self._size_max:
            raise BrokenAnswer
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            if self.answer is None:
                raise BrokenAnswer from error
            self.reusable = False
        return self.answer is not None

    def end(self) -> bool:
        """The other side closed in good order: that ends an answer of no stated length.

        Source: RFC 9112, section 6.3, rule 8.
        """
        if self._has_head and not self._has_end:
            self._finish(reusable=False)
        return self.answer is not None

    def on_message_begin(self) -> None:
        if self.answer is not None:
            self.reusable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        if lower == b"content-type":
            self._content_type = value.decode("latin-1")
        elif lower == b"retry-after":
            self._retry_after = value.decode("latin-1")
        elif lower in (b"content-length", b"transfer-encoding"):
            self._has_end = True

    def on_headers_complete(self) -> None:
        self._has_head = True

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() < _FINAL:
            self._forget()  # 100 and 103 only announce the answer
        else:
            self._finish(reusable=self._parser.should_keep_alive())

    def _finish(self, *, reusable: bool) -> None:
        if self.answer is None:
            self.reusable = reusable
            self.answer = Answer(
                status=self._parser.get_status_code(),
                content_type=self._content_type,
                retry_after=self._retry_after,
                body=self._parts[0] if len(self._parts) == 1 else b"".join(self._parts),
            )

    def _forget(self) -> None:
        self._content_type = self._retry_after = ""
        self._parts: list[bytes] = []
        self._has_head = self._has_end = False
