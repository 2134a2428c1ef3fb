"""The list of Meta's routes that exist here."""

from __future__ import annotations

import pytest

from askfirst.web.gateway.routes import RouteKind, find_route

ALLOWED = [
    ("POST", "/v23.0/1/messages", RouteKind.SEND, "/v23.0/1/messages"),
    ("POST", "/1/messages", RouteKind.SEND, "/1/messages"),
    ("POST", "/v9.0/1/messages/", RouteKind.SEND, "/v9.0/1/messages"),
    ("POST", "/v26.0/1/marketing_messages", RouteKind.SEND, "/v26.0/1/marketing_messages"),
    ("GET", "/v26.0/1/message_templates", RouteKind.OWN, "/v26.0/1/message_templates"),
    ("POST", "/1/message_templates", RouteKind.OWN, "/1/message_templates"),
    ("GET", "/1/phone_numbers", RouteKind.OWN, "/1/phone_numbers"),
    ("GET", "/1/media", RouteKind.OWN, "/1/media"),
    ("POST", "/1/media", RouteKind.UPLOAD, "/1/media"),
    ("GET", "/1/whatsapp_business_profile", RouteKind.OWN, "/1/whatsapp_business_profile"),
    ("POST", "/1/whatsapp_business_profile", RouteKind.OWN, "/1/whatsapp_business_profile"),
    ("GET", "/v26.0/1", RouteKind.OWN_OR_MEDIA, "/v26.0/1"),
    ("DELETE", "/1", RouteKind.MEDIA, "/1"),
]


@pytest.mark.parametrize(("method", "path", "kind", "at_meta"), ALLOWED)
def test_a_listed_route_is_found_with_any_version_or_none(
    method: str, path: str, kind: RouteKind, at_meta: str
) -> None:
    route = find_route(method, path)
    assert route is not None
    assert (route.kind, route.node, route.path) == (kind, "1", at_meta)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/1/messages"),
        ("PUT", "/1/messages"),
        ("DELETE", "/1/messages"),
        ("POST", "/1/messages_encrypted"),
        ("POST", "/1/calls"),
        ("POST", "/1/groups"),
        ("POST", "/1/block_users"),
        ("POST", "/1/register"),
        ("POST", "/1"),
        ("POST", "/"),
        ("POST", "/v23.0"),
        ("GET", "/v23.0/"),
        ("POST", "/1/MESSAGES"),
        ("post", "/1/messages"),
        ("POST", "//1/messages"),
        ("POST", "/1//messages"),
        ("POST", "/v23.0/2/1/messages"),
        ("POST", "/v23.0/../1/messages"),
        ("POST", "/v23/1/messages"),
        ("POST", "/1/messages\n"),
        ("POST", "/1/messages/x"),
        ("POST", "/me/messages"),
        ("POST", "/\N{ARABIC-INDIC DIGIT ONE}/messages"),
        ("DELETE", "/1/message_templates"),
        ("GET", "/debug_token"),
        ("GET", "/" + "1" * 33),
    ],
)
def test_every_other_route_is_unknown(method: str, path: str) -> None:
    assert find_route(method, path) is None
