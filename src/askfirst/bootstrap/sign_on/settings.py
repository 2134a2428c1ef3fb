"""Settings of single sign-on, and the way to the provider that they name."""

from __future__ import annotations

from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from askfirst.delivery.single_sign_on import (
    NoSignOn,
    SignOnAtProvider,
    SignOnClient,
    is_safe_address,
)
from askfirst.ports.operators.credentials import SignOn
from askfirst.ports.platform.clock import Clock


class SignOnSettings(BaseSettings):
    """How operators sign in by OpenID Connect."""

    sso_issuer: str | None = Field(
        default=None,
        description="The issuer of an OpenID Connect provider by which operators of the console "
        "may sign in: https, or on this machine. Without it there is no single sign-on.",
    )
    sso_client_id: str = Field(default="", description="The client id of askfirst there.")
    sso_client_secret: SecretStr | None = Field(
        default=None, description="The client secret of askfirst there."
    )
    sso_passwords: bool = Field(
        default=True,
        description="Let operators sign in by password as well. false: by single sign-on and "
        "passkeys alone; set it once single sign-on works.",
    )

    @field_validator("sso_issuer")
    @classmethod
    def _issuer(cls, value: str | None) -> str | None:
        if value is not None and not (is_safe_address(value) and not {"?", "#"} & set(value)):
            raise ValueError("must be an address such as https://login.example.com")
        return value

    @model_validator(mode="after")
    def _sign_on_whole(self) -> Self:
        if self.sso_issuer and not (self.sso_client_id and self.sso_client_secret):
            raise ValueError("ASKFIRST_SSO_CLIENT_ID and ASKFIRST_SSO_CLIENT_SECRET are missing")
        if not self.sso_issuer and not self.sso_passwords:
            raise ValueError("ASKFIRST_SSO_ISSUER is missing: nobody could sign in to the console")
        return self


def sign_on_of(settings: SignOnSettings, clock: Clock) -> SignOn:
    """Return the way to the provider, where there is one."""
    if settings.sso_issuer is None or settings.sso_client_secret is None:
        return NoSignOn()
    client = SignOnClient(
        issuer=settings.sso_issuer,
        client_id=settings.sso_client_id,
        secret=settings.sso_client_secret.get_secret_value(),
        has_passwords=settings.sso_passwords,
    )
    return SignOnAtProvider(client, clock)
