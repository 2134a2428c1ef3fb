"""The ceremonies of passkeys, by py_webauthn, which is loaded with the first one."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from askfirst.domain.operators.operator import Operator
from askfirst.domain.operators.passkey import CHALLENGE_LIFE, Passkey, RelyingParty
from askfirst.domain.values.timestamp import SECOND
from askfirst.ports.operators.credentials import MadePasskey

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

Result = TypeVar("Result")
_ID_MAX: Final = 1023
"""Bytes of a credential's id (WebAuthn, section 4)."""
_TRANSPORTS: Final = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})
_TIMEOUT: Final = CHALLENGE_LIFE // SECOND * 1000


class WebauthnCeremonies:
    """See ports.operators.credentials.PasskeyCeremonies."""

    def ask_to_make(
        self,
        party: RelyingParty,
        operator: Operator,
        challenge: bytes,
        known: tuple[Passkey, ...],
    ) -> str:
        import webauthn
        from webauthn.helpers import structs
        from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm

        options = webauthn.generate_registration_options(
            rp_id=party.rp_id,
            rp_name=f"askfirst · {operator.business_id}",
            user_id=operator.operator_id.encode(),
            user_name=operator.email,
            user_display_name=operator.name or operator.email,
            challenge=challenge,
            timeout=_TIMEOUT,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[_descriptor(one) for one in known],
            supported_pub_key_algs=[
                Algorithm.ECDSA_SHA_256,
                Algorithm.EDDSA,
                Algorithm.RSASSA_PKCS1_v1_5_SHA_256,
            ],
        )
        return webauthn.options_to_json(options)

    def made(self, party: RelyingParty, challenge: bytes, answer: str) -> MadePasskey | None:
        import webauthn

        def verify() -> MadePasskey:
            found = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=party.rp_id,
                expected_origin=party.origin,
                require_user_verification=True,
            )
            return MadePasskey(
                credential_id=found.credential_id,
                public_key=found.credential_public_key,
                sign_count=found.sign_count,
                transports=_transports(answer),
            )

        made = _right(verify)
        return made if made and len(made.credential_id) <= _ID_MAX else None

    def ask_to_sign_in(self, party: RelyingParty, challenge: bytes) -> str:
        import webauthn
        from webauthn.helpers.structs import UserVerificationRequirement

        options = webauthn.generate_authentication_options(
            rp_id=party.rp_id,
            challenge=challenge,
            timeout=_TIMEOUT,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    def named(self, answer: str) -> bytes | None:
        from webauthn.helpers import parse_authentication_credential_json as parse

        return _right(lambda: parse(answer).raw_id)

    def signed(
        self, party: RelyingParty, challenge: bytes, passkey: Passkey, answer: str
    ) -> int | None:
        import webauthn
        from webauthn.helpers import parse_authentication_credential_json as parse

        def verify() -> int | None:
            credential = parse(answer)
            owner = credential.response.user_handle or b""
            if not hmac.compare_digest(owner, passkey.operator_id.encode()):
                return None
            # The count is looked at where it is written, in one step: two at once cannot both pass.
            found = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=party.rp_id,
                expected_origin=party.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
            is_same = hmac.compare_digest(found.credential_id, passkey.credential_id)
            return found.new_sign_count if is_same else None

        return _right(verify)


def _right(verify: Callable[[], Result]) -> Result | None:
    """Look at what a stranger sent: whatever it makes a reader stumble over is not right."""
    try:
        return verify()
    except Exception:  # noqa: BLE001 - readers of JSON, CBOR and keys fail in many ways
        return None


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    from webauthn.helpers import structs

    ways = [structs.AuthenticatorTransport(one) for one in passkey.transports]
    return structs.PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=ways)


def _transports(answer: str) -> tuple[str, ...]:
    """Return by which known ways a browser reaches it; it need not say."""
    told = json.loads(answer).get("response", {}).get("transports") or ()
    return tuple(sorted({one for one in told if one in _TRANSPORTS}))
