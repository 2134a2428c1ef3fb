"""The list of Meta's routes that exist here."""

from __future__ import annotations

import pytest

from askfirst.domain.tenants.api_key import ApiScope
from askfirst.web.gateway.routes import _KINDS, RouteKind, find_route

ALLOWED = [
    ("POST", "/v23.0/1/messages", RouteKind.SEND, "/v23.0/1/messages"),
    ("POST", "/1/messages", RouteKind.SEND, "/1/messages"),
    ("POST", "/v9.0/1/messages/", RouteKind.SEND, "/v9.0/1/messages"),
    ("POST", "/v26.0/1/marketing_messages", RouteKind.SEND, "/v26.0/1/marketing_messages"),
    ("GET", "/v26.0/1/message_templates", RouteKind.OWN, "/v26.0/1/message_templates"),
    ("POST", "/1/message_templates", RouteKind.TEMPLATES, "/1/message_templates"),
    ("GET", "/1/phone_numbers", RouteKind.OWN, "/1/phone_numbers"),
    ("GET", "/1/media", RouteKind.OWN, "/1/media"),
    ("POST", "/1/media", RouteKind.UPLOAD, "/1/media"),
    ("GET", "/1/whatsapp_business_profile", RouteKind.OWN, "/1/whatsapp_business_profile"),
    ("POST", "/1/whatsapp_business_profile", RouteKind.OWN, "/1/whatsapp_business_profile"),
    ("GET", "/v26.0/1/subscribed_apps", RouteKind.WEBHOOKS, "/v26.0/1/subscribed_apps"),
    ("POST", "/1/subscribed_apps", RouteKind.WEBHOOKS, "/1/subscribed_apps"),
    ("DELETE", "/1/subscribed_apps", RouteKind.WEBHOOKS, "/1/subscribed_apps"),
    ("GET", "/v26.0/1", RouteKind.NODE, "/v26.0/1"),
    ("DELETE", "/1", RouteKind.NODE, "/1"),
    ("POST", "/1", RouteKind.NODE, "/1"),
    ("POST", "/v26.0/1/calls", RouteKind.CALL, "/v26.0/1/calls"),
    ("POST", "/1/groups", RouteKind.GROUP, "/1/groups"),
    ("POST", "/1/block_users", RouteKind.BLOCK, "/1/block_users"),
    ("DELETE", "/1/block_users", RouteKind.BLOCK, "/1/block_users"),
    ("GET", "/1/block_users", RouteKind.OWN, "/1/block_users"),
    ("DELETE", "/1/message_templates", RouteKind.TEMPLATES, "/1/message_templates"),
    ("POST", "/1/upsert_message_templates", RouteKind.TEMPLATES, "/1/upsert_message_templates"),
    ("POST", "/1/register", RouteKind.OWN, "/1/register"),
    ("GET", "/1/message_qrdls/AB12", RouteKind.OWN, "/1/message_qrdls/AB12"),
    ("POST", "/1/publish", RouteKind.FLOW, "/1/publish"),
    ("POST", "/v26.0/1/uploads", RouteKind.SESSION, "/v26.0/1/uploads"),
]

NAMED = [
    ("GET", "/v26.0/debug_token", RouteKind.DEBUG_TOKEN, "", "/v26.0/debug_token"),
    ("GET", "/message_template_library/", RouteKind.LIBRARY, "", "/message_template_library"),
    ("GET", "/media/one.two.three", RouteKind.FILE, "one.two.three", ""),
    ("POST", "/v26.0/upload:one.two.three", RouteKind.PIECE, "one.two.three", "/v26.0/upload:"),
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
        ("GET", "/" + "1" * 33),
        ("POST", "/debug_token"),
        ("GET", "/v26.0/1/debug_token"),
        ("POST", "/1/message_qrdls/AB12"),
        ("GET", "/1/flows/AB12"),
        ("GET", "/1/message_qrdls/AB-12"),
        ("GET", "/media/one.two"),
        ("POST", "/media/one.two.three"),
        ("GET", "/v26.0/upload:MTphdHRh?sig=x"),
        ("DELETE", "/v26.0/upload:one.two.three"),
        ("PUT", "/1"),
    ],
)
def test_every_other_route_is_unknown(method: str, path: str) -> None:
    assert find_route(method, path) is None


@pytest.mark.parametrize(("method", "path", "kind", "node", "at_meta"), NAMED)
def test_routes_that_are_about_no_node_are_found_by_their_names(
    method: str, path: str, kind: RouteKind, node: str, at_meta: str
) -> None:
    route = find_route(method, path)
    assert route is not None
    assert (route.kind, route.node, route.path) == (kind, node, at_meta)


def test_a_key_that_may_only_send_changes_nothing() -> None:
    """Each route that is no reading, no message and no file of one needs the scope `manage`."""
    edges = sorted(edge for method, edge in _KINDS if method != "GET" and edge is not None)
    open_to_senders = {
        edge
        for edge in edges
        for method in ("POST", "DELETE")
        if (route := find_route(method, f"/1/{edge}")) and ApiScope.SEND in route.scopes
    }
    assert open_to_senders == {
        "calls",
        "groups",
        "marketing_messages",
        "media",
        "messages",
        "uploads",
    }
