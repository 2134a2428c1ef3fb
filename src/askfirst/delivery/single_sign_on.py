"""Single sign-on by OpenID Connect: the way to the provider that settings name.

Authorization code with PKCE. The provider's addresses and keys are read from its discovery
document, whose issuer must be the one that was set. Sources: OpenID Connect Core 1.0, Discovery
1.0; RFC 7636, RFC 9207.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from askfirst.delivery.http_client import Caution, HttpClient, parse_address
from askfirst.domain.operators.single_sign_on import SUBJECT_MAX, SignOnIdentity, SignOnSecrets
from askfirst.domain.values.errors import InvalidInput, Unavailable
from askfirst.domain.values.timestamp import HOUR, MINUTE, SECOND, Instant
from askfirst.ports.operators.credentials import SignOnReturn
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import Answer, NotSent, OutcomeUnknown

ALGORITHMS: Final = ("RS256", "ES256")
"""Never `none`, and never a secret that both sides know."""
_KEPT: Final = 1 * HOUR
_KEYS_AGAIN: Final = 1 * MINUTE
"""An unknown key may be a new one: so often its provider is asked."""
_SKEW: Final = 60
_AGE_MAX: Final = 600
"""Seconds that clocks may differ, and that an ID token may be old: it was made for this sign-on."""
_ANSWER_MAX: Final = 256 * 1024
_SECONDS: Final = 10.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class NoSignOn:
    """See ports.operators.credentials.SignOn: there is none."""

    is_on = False
    has_passwords = True

    async def address(self, _callback: str, _secrets: SignOnSecrets) -> str:
        raise Unavailable("there is no single sign-on")

    async def identity(self, _callback: str, _given: SignOnReturn) -> SignOnIdentity | None:
        raise Unavailable("there is no single sign-on")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnClient:
    """Who askfirst is at the provider, and whether passwords count beside it."""

    issuer: str
    client_id: str
    secret: str
    has_passwords: bool = True


class SignOnAtProvider:
    """See ports.operators.credentials.SignOn."""

    is_on = True

    def __init__(self, client: SignOnClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._told: tuple[Mapping[str, Any], Instant] | None = None
        self._keys: tuple[Mapping[str, Any], Instant] | None = None

    @property
    def has_passwords(self) -> bool:
        return self._client.has_passwords

    async def address(self, callback: str, secrets: SignOnSecrets) -> str:
        place = _address(await self._provider(), "authorization_endpoint")
        query = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": callback,
            "scope": "openid email",
            "state": secrets.state,
            "nonce": secrets.nonce,
            "code_challenge": secrets.challenge,
            "code_challenge_method": "S256",
        }
        return f"{place}{'&' if '?' in place else '?'}{urlencode(query)}"

    async def identity(self, callback: str, given: SignOnReturn) -> SignOnIdentity | None:
        provider = await self._provider()
        if not self._is_from(provider, given.issuer):
            return None
        told = await self._exchange(provider, callback, given)
        token, access = (told or {}).get("id_token"), (told or {}).get("access_token")
        claims = await self._claims(provider, token) if isinstance(token, str) else None
        if claims is None or not self._holds(claims, given.secrets.nonce):
            return None
        if "email" not in claims and isinstance(access, str):
            claims = await self._with_email(provider, claims, access)
        return SignOnIdentity(subject=claims["sub"], email=_vouched(claims))

    def _is_from(self, provider: Mapping[str, Any], issuer: str) -> bool:
        """Whether the browser comes back from this provider (RFC 9207): none is mixed up."""
        is_named = provider.get("authorization_response_iss_parameter_supported") is True
        return issuer == self._client.issuer if issuer or is_named else True

    async def _exchange(
        self, provider: Mapping[str, Any], callback: str, given: SignOnReturn
    ) -> Mapping[str, Any] | None:
        """Show the code and its verifier; None where the provider does not take them."""
        form = {
            "grant_type": "authorization_code",
            "code": given.code,
            "redirect_uri": callback,
            "code_verifier": given.secrets.verifier,
        }
        headers = {"content-type": "application/x-www-form-urlencoded"}
        ways = provider.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        name, secret = self._client.client_id, self._client.secret
        if "client_secret_basic" in ways:
            pair = f"{quote(name, safe='')}:{quote(secret, safe='')}"
            headers["authorization"] = "Basic " + b64encode(pair.encode()).decode()
        else:
            form |= {"client_id": name, "client_secret": secret}
        place = _address(provider, "token_endpoint")
        answer = await _ask("POST", place, headers, urlencode(form).encode())
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unavailable("the provider of single sign-on has trouble")
        return _object(answer.body) if answer.is_success else None

    async def _claims(self, provider: Mapping[str, Any], token: str) -> dict[str, Any] | None:
        """Return what a token says, where a key of the provider signed it."""
        for is_again in (False, True):
            keys = await self._key_set(provider, is_again=is_again)
            try:
                return dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
            except (JoseError, ValueError):
                continue
        return None

    def _holds(self, claims: Mapping[str, Any], nonce: str) -> bool:
        """Whether an ID token is for us, for this sign-on, and of now (Core, section 3.1.3.7)."""
        now = self._clock.now() // SECOND
        audience = claims.get("aud")
        names = audience if isinstance(audience, list) else [audience]
        own, subject, given = self._client.client_id, claims.get("sub"), claims.get("nonce")
        until, since = _moment(claims.get("exp")), _moment(claims.get("iat"))
        return (
            claims.get("iss") == self._client.issuer
            and own in names
            and claims.get("azp", own if len(names) == 1 else None) == own
            and isinstance(given, str)
            and hmac.compare_digest(given.encode(), nonce.encode())
            and now < until + _SKEW
            and now - _AGE_MAX <= since <= now + _SKEW
            and isinstance(subject, str)
            and 0 < len(subject) <= SUBJECT_MAX
        )

    async def _with_email(
        self, provider: Mapping[str, Any], claims: dict[str, Any], access: str
    ) -> dict[str, Any]:
        """Ask for the address where the token has none; it must be told of the same person."""
        if "userinfo_endpoint" not in provider:
            return claims
        headers = {"authorization": f"Bearer {access}", "accept": "application/json"}
        answer = await _ask("GET", _address(provider, "userinfo_endpoint"), headers)
        told = _object(answer.body) if answer.is_success else None
        if not told or told.get("sub") != claims["sub"]:
            return claims
        return claims | {name: told.get(name) for name in ("email", "email_verified")}

    async def _provider(self) -> Mapping[str, Any]:
        now = self._clock.now()
        if self._told and 0 <= now - self._told[1] < _KEPT:
            return self._told[0]
        place = self._client.issuer.rstrip("/") + "/.well-known/openid-configuration"
        answer = await _ask("GET", place, {"accept": "application/json"})
        told = _object(answer.body) if answer.is_success else None
        if told is None or told.get("issuer") != self._client.issuer:
            raise Unavailable("the provider of single sign-on does not say that it is the issuer")
        self._told = (told, now)
        return told

    async def _key_set(self, provider: Mapping[str, Any], *, is_again: bool) -> KeySet:
        """Return the provider's keys; asked for `again`, newer ones, but not all the time."""
        now, kept = self._clock.now(), self._keys
        life = _KEYS_AGAIN if is_again else _KEPT
        if kept is None or not 0 <= now - kept[1] < life:
            place = _address(provider, "jwks_uri")
            answer = await _ask("GET", place, {"accept": "application/json"})
            told = _object(answer.body) if answer.is_success else None
            if told is None or not isinstance(told.get("keys"), list):
                raise Unavailable("the provider of single sign-on does not tell its keys")
            kept = self._keys = (told, now)
        keys = [key for key in kept[0]["keys"] if _signs(key)]
        return KeySet.import_key_set({"keys": keys})


def _signs(key: object) -> bool:
    """Whether a key may have signed: of the two kinds that we take, and no secret one."""
    if not isinstance(key, dict) or key.get("use", "sig") != "sig":
        return False
    return key.get("kty") == "RSA" or (key.get("kty") == "EC" and key.get("crv") == "P-256")


def _vouched(claims: Mapping[str, Any]) -> str:
    """Return the e-mail address that a provider says it has checked; "" where it does not."""
    email = claims.get("email")
    return email if isinstance(email, str) and claims.get("email_verified") is True else ""


def _moment(value: object) -> float:
    """Return a time in seconds; 0, which is long ago, for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and isinstance(value, int | float) else 0.0


def _address(provider: Mapping[str, Any], name: str) -> str:
    """Return an address of the provider's, with https unless it is on this machine."""
    place = provider.get(name)
    if not isinstance(place, str) or not is_safe_address(place):
        raise Unavailable(f"the provider of single sign-on tells no safe {name}")
    return place


def is_safe_address(place: str) -> bool:
    """Whether an address may be asked: by https, or on this machine."""
    try:
        parts = urlsplit(place)
    except ValueError:
        return False
    is_local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or is_local)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


async def _ask(method: str, place: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
    """Ask the provider once; no redirects are followed.

    Raises:
        Unavailable: no whole answer came.
    """
    parts = urlsplit(place)
    try:
        client = HttpClient(
            parse_address(place, "ASKFIRST_SSO_ISSUER"),
            connections_max=1,
            answer_seconds=_SECONDS,
            caution=Caution(answer_bytes_max=_ANSWER_MAX),
        )
        try:
            line = await client.open()
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            line.send(method, target, headers, body)
            return await line.answer()
        finally:
            await client.close()
    except (InvalidInput, NotSent, OutcomeUnknown) as error:
        raise Unavailable("the provider of single sign-on cannot be reached") from error
