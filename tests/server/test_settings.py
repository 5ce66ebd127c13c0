"""Settings from the environment, and what is said about wrong ones."""

from datetime import date
from pathlib import Path

import pydantic
import pytest

from kb.errors import ConfigurationError
from server.cli.serve import with_public_url
from server.settings import Settings, load_settings


def test_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    settings = load_settings()
    assert (settings.encoder, settings.reranker, settings.timezone, settings.model_id) == ("bundled", None, "UTC", "citedesk")
    assert (settings.host, settings.port, settings.cache) == ("127.0.0.1", 8000, Path("/cache/citedesk"))
    assert isinstance(settings.today(), date)
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert load_settings().cache == Path.home() / ".cache" / "citedesk"


def test_the_environment_and_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_PORT", "9000")
    monkeypatch.setenv("CITEDESK_DEFAULT_REGION", "uk")
    monkeypatch.setenv("CITEDESK_MODEL_ALIASES", '["gpt-4o"]')
    monkeypatch.setenv("CITEDESK_PUBLIC_BASE_URL", "https://help.shop.example/")
    settings = load_settings(data=Path("x"), host=None)
    assert (settings.port, settings.default_region, settings.model_aliases) == (9000, "GB", ("gpt-4o",))
    assert settings.public_base_url == "https://help.shop.example" and settings.data == Path("x")
    assert load_settings(port=1).port == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "many"), ("TIMEZONE", "Mars/Olympus"), ("TIMEZONE", "../x"), ("PUBLIC_BASE_URL", "ftp://x"), ("MODEL_ID", ""),
     ("WEBHOOK_URL", "chat.example/x"), ("WEBHOOK_ON", "never"), ("INGEST_ROOTS", "/srv/shop"), ("INGEST_ROOTS", '["shop"]')]
    + [("PHONE_REGIONS", '["DE", "XX"]'), ("PHONE_REGIONS", "DE"), ("MASK_LLM", "perhaps")],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"CITEDESK_{name}", value)
    with pytest.raises(ConfigurationError, match=f"CITEDESK_{name} is wrong"):
        load_settings()


def test_settings_are_frozen() -> None:
    with pytest.raises(pydantic.ValidationError):
        Settings().port = 1


@pytest.mark.parametrize(
    ("host", "expected"),
    [("0.0.0.0", "http://127.0.0.1:81"), ("::", "http://[::1]:81"), ("::1", "http://[::1]:81"), ("desk.example", "http://desk.example:81")],
)
def test_the_public_address_follows_the_listener(host: str, expected: str) -> None:
    assert with_public_url(Settings(host=host), 81).public_base_url == expected
    fixed = Settings(host=host, public_base_url="https://a.example")
    assert with_public_url(fixed, 81) is fixed


@pytest.mark.parametrize("url", ["http://gpu:8000", "gpu:8000/v1", "http://gpu:8000/v1/chat"])
def test_a_language_model_has_a_versioned_address(url: str) -> None:
    with pytest.raises(ConfigurationError, match="CITEDESK_LLM_URL is wrong"):
        load_settings(llm_url=url)
    assert load_settings(llm_url="http://gpu:8000/v1/").llm_url == "http://gpu:8000/v1"


def test_the_language_models_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_LLM_KEY", "sk-hidden")
    assert "sk-hidden" not in repr(load_settings())
