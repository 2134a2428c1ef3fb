"""One-time codes: what is asked, and what is told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from askfirst.domain.codes.code import Channel, Result, StatusKind
from askfirst.web.api.consent.models import PromptTokenText
from askfirst.web.api.platform.models import Asked, Time, Told

TYPED_MAX = 64
StateName = Literal["waiting", "approved", "expired", "locked", "cancelled"]
CodeIdText = Annotated[
    str, Field(description="The id of the request.", examples=["cod_01KGA2V8M0Q3R5T7W9Y1B3D5F7"])
]


PurposeName = Annotated[
    str,
    Field(
        max_length=64,
        description="What the code is for inside your product, in your own words. It must be the "
        "same when the code is checked.",
        examples=["login"],
    ),
]


class CodeRequest(Asked):
    """A code that is wanted."""

    to: str = Field(
        max_length=TYPED_MAX,
        description="The number, with its country code; or as it is dialled in `country`.",
        examples=["+447700900123"],
    )
    country: str = Field(
        "",
        max_length=2,
        description="Where a `to` without a plus is dialled (ISO 3166). Left out: `to` begins with "
        "its country code.",
        examples=["GB"],
    )
    channel: str | None = Field(
        None,
        max_length=64,
        description="`whatsapp`, `sms`, a chain such as `whatsapp,sms` (one after the other), "
        "or `whatsapp_inbound`: the customer sends a message instead of getting one. Default: "
        "`whatsapp,sms` with the token of a prompt in which they chose WhatsApp (`whatsapp` where "
        "there is no SMS); without a token `sms`, or `whatsapp_inbound` where there is no SMS or "
        "the policy says so. WhatsApp is never chosen by leaving this out.",
        examples=["whatsapp,sms"],
    )
    locale: str = Field(
        "en",
        max_length=35,
        description="The customer's language. Where askfirst has no "
        "words in it, the business's own, or English.",
    )
    purpose: PurposeName = "login"
    prompt: PromptTokenText | None = Field(
        None,
        description="The token of the question about codes in which they chose WhatsApp. It proves "
        "that they were asked; without it, the choice is your claim, and none at all for "
        "`zero_tap`.",
    )
    reference: str = Field(
        "", max_length=128, description="Yours, for instance of the session. Given back."
    )
    address: str = Field(
        "",
        max_length=64,
        description="The customer's IP address, for a limit; of IPv6, the first 64 bits count. "
        "It is kept sealed with the request, because a resend counts, too.",
        examples=["203.0.113.7"],
    )
    sender: str | None = Field(
        None, max_length=32, description="Phone number id; default: the first in service."
    )


class CodeAnswer(Told):
    """A request that was taken. It is the same whether or not the number is known."""

    id: CodeIdText
    masked: str = Field(
        description="The number, as its holder knows it.", examples=["+••••••••0123"]
    )
    channel: Channel = Field(
        description="What is tried first; after a resend, by which channel the new code goes."
    )
    purpose: str = Field(description="What the code is for.")
    locale: str = Field(description="The language that was found for the customer.")
    expires_at: Time = Field(description="Until when the code is valid.")
    resend_at: Time = Field(description="From when on another one may be asked for.")
    digits: int | None = Field(description="How long the code is. Null: there is none to type in.")
    reminder: str = Field(
        description="Say this: where the code is to be found in WhatsApp. Empty for SMS."
    )
    open_url: str | None = Field(description="Opens WhatsApp.")
    text: str | None = Field(description="Inbound: the message that proves the number.")
    page: str | None = Field(description="Inbound: a page that shows link and QR code.")
    qr: str | None = Field(description="Inbound: the link as a QR code, an SVG in a data URL.")


class CodeCheckRequest(Asked):
    """A code that was typed in."""

    code: str = Field(
        max_length=TYPED_MAX,
        description="As it was typed: spaces, dashes and other scripts' digits do not matter.",
        examples=["1234 5678"],
    )
    purpose: PurposeName = "login"
    to: str | None = Field(
        None,
        max_length=TYPED_MAX,
        description="The number, where your session knows it: of another one, the code is wrong.",
    )


class CodeCheckAnswer(Told):
    """What became of a try."""

    id: CodeIdText
    result: Result = Field(
        description="`approved`, once; `wrong`; `expired`: too late, ended or replaced; `used`: it "
        "was approved before; `locked`: no more tries."
    )
    tries_left: int = Field(description="How many tries are left.")
    reference: str = Field(description="Yours.")


class CodeHappening(Told):
    """A line of the history."""

    what: StatusKind
    channel: Channel
    at: Time = Field(description="When it happened.")
    reason: str | None = Field(
        description="A code of Meta's (131026), a reason of the gate's, or one of ours."
    )


class CodeSheet(Told):
    """What became of a request. It says more than a customer should see."""

    id: CodeIdText
    state: StateName = Field(description="Where the request stands.")
    masked: str = Field(description="The number, as its holder knows it.")
    channel: Channel = Field(description="What is used now.")
    purpose: str = Field(description="What the code is for.")
    locale: str = Field(description="The customer's language.")
    reference: str = Field(description="Yours.")
    tries_left: int = Field(description="How many tries are left.")
    created_at: Time = Field(description="When the code was requested.")
    expires_at: Time = Field(description="Until when the code is valid.")
    resend_at: Time = Field(description="From when on another code may be requested.")
    ended_at: Time | None = Field(description="When the request ended. Null: it has not.")
    history: list[CodeHappening] = Field(description="What happened, in order.")
