"""Settings: typed, explained, and never misread in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from askfirst.bootstrap.settings import Settings, isolated_settings, load_settings
from askfirst.bootstrap.wiring import site_of
from askfirst.domain.values.errors import InvalidInput


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("ASKFIRST_"):
            monkeypatch.delenv(name)


def test_defaults_serve_sqlite_on_this_machine_only() -> None:
    settings = load_settings()
    assert settings.sqlite_path == Path("var/askfirst.db")
    assert settings.keyring_path == Path("var/askfirst.db.keys")
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.pass_through_meta_tokens is False


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKFIRST_PORT", "9000")
    monkeypatch.setenv("ASKFIRST_WEBHOOK_SECRETS", "new , old")
    settings = load_settings()
    assert settings.port == 9000
    assert [secret.get_secret_value() for secret in settings.webhook_secrets] == ["new", "old"]


def test_links_follow_the_port_until_an_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKFIRST_PORT", "8100")
    assert site_of(load_settings()).public_url == "http://127.0.0.1:8100"
    monkeypatch.setenv("ASKFIRST_PUBLIC_URL", "https://optin.shop.example/")
    assert site_of(load_settings()).public_url == "https://optin.shop.example"


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKFIRST_TRUSTED_PROXIES", "192.0.2.5, 198.51.100.0/24, fd00::/8")
    assert load_settings().trusted_proxies == ("192.0.2.5/32", "198.51.100.0/24", "fd00::/8")


def test_files_come_from_metas_host_unless_others_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load_settings().media_hosts == ("lookaside.fbsbx.com",)
    monkeypatch.setenv("ASKFIRST_MEDIA_HOSTS", "lookaside.fbsbx.com, files.example.com")
    assert load_settings().media_hosts == ("lookaside.fbsbx.com", "files.example.com")


def test_what_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKFIRST_PORT", "9000")
    assert load_settings(port=9001, host=None).port == 9001


def test_an_empty_variable_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKFIRST_KEYRING_FILE", "")
    assert load_settings().keyring_file is None


def test_an_unknown_variable_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKFIRST_WEBHOOK_SECRET", "one")
    with pytest.raises(InvalidInput, match="ASKFIRST_WEBHOOK_SECRET is not a setting"):
        load_settings()


def test_the_variables_of_the_test_suite_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKFIRST_TEST_DATABASE_URL", "postgresql://nowhere")
    assert load_settings().sqlite_path is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "192.0.2.5, proxy.example"),
        ("TRUSTED_PROXIES", "*"),
        ("PORT", "70000"),
        ("PORT", "http"),
        ("DATABASE_URL", "mysql://host/db"),
        ("DATABASE_URL", "sqlite:///"),
        ("GRAPH_URL", "graph.facebook.com"),
        ("MEDIA_HOSTS", "https://lookaside.fbsbx.com"),
        ("MEDIA_HOSTS", "*.fbsbx.com"),
        ("MEDIA_HOSTS", "lookaside.fbsbx.com:8443"),
        ("MEDIA_HOSTS", "localhost"),
        ("GATEWAY_URL", "gate.example"),
        ("GRAPH_URL", "https://graph.facebook.com/v26.0"),
        ("GRAPH_VERSION", "26"),
        ("BODY_RETENTION_DAYS", "0"),
        ("PASS_THROUGH_META_TOKENS", "perhaps"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ASKFIRST_{name}", value)
    with pytest.raises(InvalidInput) as refusal:
        load_settings()
    assert f"ASKFIRST_{name}" in refusal.value.message
    assert "\n" not in refusal.value.message


def test_half_configured_security_refuses_to_start() -> None:
    with pytest.raises(InvalidInput, match="ASKFIRST_WEBHOOK_SECRETS is missing"):
        load_settings(webhook_verify_token="word")
    with pytest.raises(InvalidInput, match="ASKFIRST_KEYRING_FILE"):
        load_settings(database_url="postgresql://host/db")


def test_secrets_show_nowhere() -> None:
    settings = load_settings(
        webhook_secrets="hush",
        webhook_verify_token="quiet",
        database_url="postgresql://user:silent@host/db",
        keyring_file=Path("keys"),
    )
    shown = repr(settings) + str(settings)
    assert not [word for word in ("hush", "quiet", "silent") if word in shown]


def test_a_secret_in_a_wrong_place_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKFIRST_DATABASE_URL", "mysql://user:silent@host/db")
    with pytest.raises(InvalidInput) as refusal:
        load_settings()
    assert "silent" not in refusal.value.message


def test_a_world_that_is_thrown_away_ignores_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASKFIRST_KEYRING_FILE", "/somebody/elses/keys")
    assert isolated_settings(port=0).keyring_file is None


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
