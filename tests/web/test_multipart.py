"""Forms with files are read in one way, or not at all; the gateway and the pages read alike."""

from __future__ import annotations

import pytest

from askfirst.domain.values.errors import InvalidInput
from askfirst.web.multipart import PARTS_MAX, Part, read_parts, write_parts

TYPE = "multipart/form-data; boundary=edge"
A = b'Content-Disposition: form-data; name="a"'


def form(*heads: bytes, end: bytes = b"--edge--\r\n") -> bytes:
    return b"".join(b"--edge\r\n" + head + b"\r\n\r\n1\r\n" for head in heads) + end


def test_a_form_is_read_and_written_the_same() -> None:
    parts = (Part("a", b"1"), Part("file", b"\0--edg\r\n", "r.jws", "application/octet-stream"))
    read = read_parts(TYPE, write_parts(parts, "edge"))
    assert [(one.name, bytes(one.content), one.filename, one.content_type) for one in read] == [
        (one.name, one.content, one.filename, one.content_type) for one in parts
    ]


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "b" * 71,
        'multipart/form-data; boundary="edge "',
        'multipart/form-data; boundary="ed\tge"',
        "multipart/form-data; boundary=other",
    ],
)
def test_a_form_needs_its_boundary(kind: str) -> None:
    with pytest.raises(InvalidInput):
        read_parts(kind, form(A))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        form(A, end=b""),
        form(A, end=b"--edge\r\n"),
        form(A).replace(b"\r\n", b"\n"),
        form(A, A),
        form(A, b'Content-Disposition: form-data; name="\x61"'),
        form(A + b"\r\n" + A),
        form(b'Content-Disposition: form-data;\r\n name="a"'),
        form(b"Content-Disposition: form-data\r\n\t; name=a"),
        form(b"Content-Disposition: form-data"),
        form(b'Content-Disposition: form-data; name=""'),
        form(b'Content-Disposition: attachment; name="a"'),
        form(b"Content-Type: text/plain"),
        form(A + b"\r\nContent-Transfer-Encoding: base64"),
        form(A + b"\r\nContent-Transfer-Encoding: quoted-printable"),
        form(A + b"\r\nX-Other: 1"),
        form(A + b"\r\nContent-Type: multipart/mixed; boundary=a b"),
        form(A + b"\r\nContent-Type: text/plain\r\nContent-Type: text/html"),
        form(b'Content-Disposition: form-data; name="\xff"'),
        form(A + b'; filename="\xff"'),
        form(*(b'Content-Disposition: form-data; name="%d"' % n for n in range(PARTS_MAX + 1))),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_parts(TYPE, body)


@pytest.mark.parametrize(
    "head",
    [
        A + b'; name="b"',
        A + b"; name*=utf-8''b",
        A + b'; filename="x"; filename="y"',
        A + b'; NAME="b"',
        A + b'; filename="; name="; name="b"',
    ],
)
def test_a_part_that_is_named_twice_is_refused(head: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_parts(TYPE, form(head))


@pytest.mark.parametrize("name", ["a;b", 'say "a"', "C:\\a", "a=b; name=c", "Zoë", "a\r\nb"])
def test_a_file_may_have_any_name(name: str) -> None:
    (read,) = read_parts(TYPE, write_parts([Part("file", b"1", name)], "edge"))
    again = write_parts([read], "edge")
    assert again == write_parts([Part("file", b"1", read.filename)], "edge")
    assert read.name == "file"


def test_a_second_spelling_of_the_file_name_is_left_out() -> None:
    (read,) = read_parts(TYPE, form(A + b"; filename=\"x\"; filename*=utf-8''y%0d%0a"))
    assert (read.name, read.filename) == ("a", "x")
