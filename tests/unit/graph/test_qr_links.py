import json

import pytest

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.entry_points.qr_links import (
    QrFormat,
    QrLink,
    QrLinkRequest,
    read_image_field,
    read_link,
    read_request,
    write_link,
    write_links,
    write_request,
)

LINK = QrLink(
    code="4O4YGZEG3RIVE1",
    prefilled_message="Hello Café Lune! (AF-7K2M9QXT)",
    deep_link_url="https://wa.me/message/4O4YGZEG3RIVE1",
)


@pytest.mark.parametrize(
    "wanted",
    [
        QrLinkRequest(prefilled_message="Hello"),
        QrLinkRequest(prefilled_message="é" * 140, image=QrFormat.PNG),
        QrLinkRequest(prefilled_message="Hello", code="4O4YGZEG3RIVE1"),
    ],
)
def test_a_request_is_read_as_it_was_written(wanted: QrLinkRequest) -> None:
    assert read_request(write_request(wanted)) == wanted


def test_a_request_is_written_as_meta_wants_it() -> None:
    body = write_request(QrLinkRequest(prefilled_message="Hello", image=QrFormat.SVG))
    assert json.loads(body) == {"prefilled_message": "Hello", "generate_qr_image": "SVG"}


@pytest.mark.parametrize("text", ["", "x" * 141])
def test_the_text_has_1_to_140_characters(text: str) -> None:
    with pytest.raises(InvalidInput) as told:
        QrLinkRequest(prefilled_message=text)
    assert told.value.field == "prefilled_message"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b'{"prefilled_message": 1}', "body"),
        (b"{}", "prefilled_message"),
        (b'{"prefilled_message": "Hello", "generate_qr_image": "GIF"}', "generate_qr_image"),
    ],
)
def test_an_odd_request_is_refused(body: bytes, field: str) -> None:
    with pytest.raises(InvalidInput) as told:
        read_request(body)
    assert told.value.field == field


def test_an_answer_is_read_as_it_was_written() -> None:
    drawn = QrLink(
        code=LINK.code,
        prefilled_message=LINK.prefilled_message,
        deep_link_url=LINK.deep_link_url,
        qr_image_url="https://example.com/qr.svg",
    )
    assert read_link(json.dumps(write_link(drawn)).encode()) == drawn
    assert "qr_image_url" not in write_link(LINK)
    assert write_links([LINK, drawn]) == {"data": [write_link(LINK), write_link(drawn)]}


def test_what_meta_leaves_out_is_empty() -> None:
    assert read_link(b'{"code": "A"}') == QrLink(code="A", prefilled_message="", deep_link_url="")


@pytest.mark.parametrize("body", [b"", b"{}", b'{"data": 1}', b"[" * 100_000])
def test_another_answer_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput) as told:
        read_link(body)
    assert told.value.field == "body"


def test_the_picture_is_asked_for_in_the_fields() -> None:
    fields = "code,prefilled_message,qr_image_url.format(SVG)"
    assert read_image_field(fields) is QrFormat.SVG
    assert read_image_field("code,prefilled_message") is None
