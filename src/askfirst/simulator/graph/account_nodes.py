"""Numbers and accounts as nodes: what they show, and what is asked of them that they do not have.

Source: Meta, "WhatsApp Business Phone Number" and "WhatsApp Business Account".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.state.state import BusinessNumber

_ARGUMENTS = re.compile(r"\.\w+\([^()]*\)")
_INNER = re.compile(r"\{[^{}]*\}")
_OF_NUMBERS = frozenset(
    {
        "account_mode",
        "certificate",
        "conversational_automation",
        "eligibility_for_api_business_global_search",
        "health_status",
        "is_official_business_account",
        "is_on_biz_app",
        "is_pin_enabled",
        "is_preverified_number",
        "last_onboarded_time",
        "messaging_limit_tier",
        "name_status",
        "new_certificate",
        "new_display_name",
        "new_name_status",
        "official_business_account",
        "quality_score",
        "search_visibility",
        "webhook_configuration",
    }
)
"""Fields that a number may have, and that these do not."""
_OF_ACCOUNTS = frozenset(
    {
        "account_review_status",
        "analytics",
        "auth_international_rate_eligibility",
        "business_verification_status",
        "call_analytics",
        "conversation_analytics",
        "country",
        "health_status",
        "is_enabled_for_insights",
        "marketing_messages_lite_api_status",
        "marketing_messages_onboarding_status",
        "message_template_namespace",
        "on_behalf_of_business_info",
        "owner_business",
        "owner_business_info",
        "ownership_type",
        "pricing_analytics",
        "primary_business_location",
        "purchase_order_number",
        "status",
        "timezone_id",
        "whatsapp_business_manager_messaging_limit",
    }
)
_SHOWN_UNASKED = frozenset(
    {"id", "display_phone_number", "verified_name", "quality_rating", "code_verification_status"}
    | {"platform_type", "throughput"}
)


def shown_number(number: BusinessNumber, fields: str = "") -> Mapping[str, Any]:
    """Write a number: what is asked for, or what Meta shows unasked."""
    everything = {
        "id": number.phone_number_id,
        "display_phone_number": f"+{number.digits}",
        "verified_name": number.name,
        "quality_rating": "GREEN",
        "whatsapp_business_manager_messaging_limit": "TIER_UNLIMITED",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
        "name_status": "APPROVED",
        "account_mode": "LIVE",
        "is_pin_enabled": True,
    }
    names = _asked(fields, everything.keys() | _OF_NUMBERS, "WhatsAppBusinessPhoneNumber")
    return {name: one for name, one in everything.items() if name in (names or _SHOWN_UNASKED)}


def shown_account(waba_id: str, name: str, fields: str = "") -> Mapping[str, Any]:
    """Write an account, in the same way."""
    everything = {
        "id": waba_id,
        "name": name,
        "currency": "EUR",
        "timezone_id": "1",
        "message_template_namespace": f"simulated_{waba_id}",
        "account_review_status": "APPROVED",
    }
    names = _asked(fields, everything.keys() | _OF_ACCOUNTS, "WhatsAppBusinessAccount")
    unasked = {"id", "name", "timezone_id", "message_template_namespace"}
    return {name: one for name, one in everything.items() if name in (names or unasked)}


def _asked(fields: str, known: AbstractSet[str], node: str) -> frozenset[str]:
    """Read `fields`; Refused names one that such a node does not have."""
    flat = _ARGUMENTS.sub("", _INNER.sub("", fields))
    names = frozenset(name.strip() for name in flat.split(",") if name.strip())
    for name in sorted(names - known - {"id"}):
        details = f"Tried accessing nonexistent field ({name}) on node type ({node})"
        raise Refused(GraphCode.PARAMETER_INVALID, details)
    return names | {"id"} if names else names
