"""Links that open WhatsApp with a text ready to send.

Source: Meta, "Click to chat": the number in digits only, the text percent-encoded.
"""

from __future__ import annotations

from urllib.parse import quote

from askfirst.domain.values.phone import PhoneNumber


def chat_link(base: str, number: PhoneNumber, text: str = "") -> str:
    """Lead into the chat with a number; `base` is `https://wa.me`, or a simulator's.

    >>> chat_link("https://wa.me", PhoneNumber("15550100001"), "Hi, you")
    'https://wa.me/15550100001?text=Hi%2C%20you'
    """
    query = f"?text={quote(text, safe='')}" if text else ""
    return f"{base}/{number.digits}{query}"
