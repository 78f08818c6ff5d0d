"""`.env.example` names every setting, with the default that the program takes, and nothing else."""

import re
from pathlib import Path

import pytest

from bot import settings
from bot.settings import Settings, SettingsError, SettingsUnreadable, load_settings

ROOT = Path(__file__).parents[2]
ONLY_TESTS = {"TEST_POSTGRES_URL"}
EXAMPLE = dict(
    re.findall(
        r"^#?([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), flags=re.M
    )
)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # no .env here
    for name in EXAMPLE:
        monkeypatch.delenv(name, raising=False)


def test_every_setting_is_explained() -> None:
    assert set(EXAMPLE) - ONLY_TESTS == {name.upper() for name in Settings.model_fields}


def test_the_printed_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = load_settings()
    for name, value in EXAMPLE.items():
        monkeypatch.setenv(name, value)
    assert load_settings() == defaults


def test_as_it_stands_it_sets_nothing(tmp_path: Path) -> None:
    defaults = load_settings()
    (tmp_path / ".env").write_text(
        (ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert load_settings() == defaults


def test_what_copying_leaves_around_a_value_is_dropped() -> None:
    settings = load_settings(
        telegram_bot_token=" 123456:abc\r\n", admins="1; 2;zalo:3,\t4\n", log_level="\ufeffdebug "
    )
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == "123456:abc"
    assert settings.admins == ("telegram:1", "telegram:2", "zalo:3", "telegram:4")
    assert settings.log_level == "DEBUG"


def test_an_admin_without_a_channel_is_one_of_the_only_channel_with_a_token() -> None:
    assert load_settings(zalo_bot_token="1:a", admins="7 zalo:8").admins == ("zalo:7", "zalo:8")
    both = load_settings(zalo_bot_token="1:a", telegram_bot_token="1:a", admins="7")
    assert both.admins == ("telegram:7",)


@pytest.mark.parametrize("value", ["a;b", "@lan", "“7”", "[7,8]", "telegram:", "viber:7", "7;x"])
def test_an_admin_whom_no_channel_can_know_is_refused(value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(admins=value)
    assert refused.value.name == "ADMINS"


@pytest.mark.parametrize(
    "name", ["TELEGRAM_API_URL", "TELEGRAM_PROXY", "HEARTBEAT_URL", "ZALO_API_URL"]
)
@pytest.mark.parametrize("value", ["http://h:abc", "h:8080", "http://", "http://h:70000/x", "http"])
def test_an_address_that_is_none_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(**{name.lower(): value})
    assert refused.value.name == name


@pytest.mark.parametrize("value", ["Asia/Ha_Noi", "Asia", "../etc/passwd", "", "x" * 300])
def test_a_zone_that_is_none_is_refused_by_its_name(value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(timezone=value)
    assert refused.value.name == "TIMEZONE"


def test_a_file_that_is_no_text_is_called_by_its_path(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("ADMINS=Lê\n".encode("utf-16"))
    with pytest.raises(SettingsUnreadable) as refused:
        load_settings()
    assert refused.value.values["path"] == str(tmp_path / ".env")


def test_a_file_that_may_not_be_read_is_called_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> Settings:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(settings, "Settings", refuse)
    with pytest.raises(SettingsUnreadable) as refused:
        load_settings()
    assert refused.value.values["path"] == str(tmp_path / ".env")
