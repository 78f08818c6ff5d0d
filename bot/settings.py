"""Settings of the process (docs/dev/command-line.md, "Settings")."""

from __future__ import annotations

import re
import string
from datetime import time
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.channels.telegram.rate_limits import OVERALL_RATE
from bot.places import REGISTRY_NAME, find_data_folder, place_registry
from locales.answer import say
from locales.user_error import UserError
from scheduler.defaults import DEFAULT_REMIND_AT, DEFAULT_STEPS, LEASE, LONGEST_STEP, TIMEZONE
from web.addresses import ListenAddress, parse_listen_address, parse_public_url

PUBLIC_API = "https://api.telegram.org"
ZALO_API = "https://bot-api.zaloplatforms.com"
ENV_FILE = ".env"  # in the working folder
_ADMIN = re.compile(r"telegram:\d{1,20}|zalo:[\w-]{1,64}", re.A)  # ids that the channels give
_TRIMMED = f"{string.whitespace}\u00a0\u200b\u2060\ufeff"


class SettingsError(UserError):
    """A setting has a wrong value; `name` is its name in the environment."""

    def __init__(self, name: str) -> None:
        super().__init__(say("cli-wrong-setting", name=name))
        self.name = name

    def __str__(self) -> str:
        return self.name


class SettingsUnreadable(UserError):
    """The file with the settings cannot be read."""

    def __init__(self) -> None:
        super().__init__(say("settings-unreadable", path=str(Path(ENV_FILE).absolute())))


class Settings(BaseSettings):
    """Everything that can be set; `.env.example` explains each."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", hide_input_in_errors=True
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = PUBLIC_API
    telegram_proxy: SecretStr | None = None
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: SecretStr | None = None
    zalo_bot_token: SecretStr | None = None
    zalo_api_url: str = ZALO_API
    zalo_monthly: Annotated[int, Field(gt=0)] = 3000  # messages a month, both ways
    zalo_people: Annotated[int, Field(gt=0)] = 50
    data_dir: Path | None = None
    database_url: SecretStr = SecretStr(f"sqlite:///{REGISTRY_NAME}")
    timezone: str = TIMEZONE
    admins: Annotated[tuple[str, ...], NoDecode] = ()
    remind_at: time = DEFAULT_REMIND_AT
    remind_steps: Annotated[tuple[int, ...], NoDecode] = DEFAULT_STEPS
    send_lease: Annotated[float, Field(gt=0, le=3600)] = LEASE  # seconds
    send_rate: Annotated[float, Field(gt=0)] = OVERALL_RATE  # messages a second
    questions_open: bool = False
    own_agency_only: bool = False
    report_template: str | None = None  # path of a .docx
    heartbeat_url: SecretStr | None = None
    web_listen: Annotated[ListenAddress | None, NoDecode] = None
    web_url: str | None = None  # where people reach the board, without a slash at its end
    web_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    metrics_listen: Annotated[ListenAddress | None, NoDecode] = None
    log_format: Literal["text", "json"] = "text"
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"

    @field_validator("*", mode="before")
    @classmethod
    def _trim_text(cls, value: Any) -> Any:
        """Drop what copying leaves around a value: blanks, line ends, invisible marks."""
        return value.strip(_TRIMMED) if isinstance(value, str) else value

    @field_validator("admins", "remind_steps", "web_proxies", mode="before")
    @classmethod
    def _split_list(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part for part in re.split(r"[,;\s]+", value) if part)
        return value

    @field_validator(
        "telegram_bot_token",
        "telegram_proxy",
        "telegram_webhook_url",
        "telegram_webhook_secret",
        "zalo_bot_token",
        "data_dir",
        "heartbeat_url",
        "report_template",
        mode="before",
    )
    @classmethod
    def _drop_blank(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator(
        "telegram_api_url",
        "telegram_proxy",
        "telegram_webhook_url",
        "zalo_api_url",
        "heartbeat_url",
    )
    @classmethod
    def _check_address(cls, value: Any) -> Any:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if text is not None:
            parts = urlsplit(text)
            if not (parts.scheme and parts.hostname) or parts.port == 0:  # `port` may raise, too
                raise ValueError("address")
        return value

    @field_validator("web_listen", "metrics_listen", mode="before")
    @classmethod
    def _parse_address(cls, value: Any) -> Any:
        if isinstance(value, str):
            return parse_listen_address(value) if value.strip() else None
        return value

    @field_validator("web_url")
    @classmethod
    def _check_url(cls, value: str | None) -> str | None:
        return parse_public_url(value) if value and value.strip() else None

    @field_validator("web_proxies")
    @classmethod
    def _check_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in value:
            ip_network(proxy)
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _check_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[\w-]{1,256}", value.get_secret_value(), re.A):
            raise ValueError("secret")  # what Telegram takes as `secret_token`
        return value

    @field_validator("remind_steps")
    @classmethod
    def _check_steps(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not value or any(not 0 <= step <= LONGEST_STEP for step in value):
            raise ValueError("steps")
        return tuple(sorted(set(value), reverse=True))

    @field_validator("timezone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError) as error:  # its ways of refusing a name, beside ValueError
            raise ValueError("zone") from error
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_level(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _place_registry(self) -> Settings:
        url = place_registry(self.database_url.get_secret_value(), self.data_folder)
        self.database_url = SecretStr(url)
        return self

    @field_validator("admins")
    @classmethod
    def _name_admin_channels(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        """Name the channel of each admin: Zalo if that alone has a token, else Telegram."""
        has_zalo, has_telegram = (info.data.get(f"{n}_bot_token") for n in ("zalo", "telegram"))
        usual = "zalo" if has_zalo and not has_telegram else "telegram"
        named = tuple(dict.fromkeys(a if ":" in a else f"{usual}:{a}" for a in value))
        if not all(_ADMIN.fullmatch(admin) for admin in named):
            raise ValueError("admins")  # a name, or a sign: nobody could ever be known by it
        return named

    @property
    def data_folder(self) -> Path:
        """The folder of registry, kept files and history, absolute."""
        return find_data_folder(self.data_dir)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of every day and hour that people see."""
        return ZoneInfo(self.timezone)


def load_settings(**values: Any) -> Settings:
    """Return the settings of the environment and `.env`; `values` win over both.

    Raises SettingsError for the first wrong one, or SettingsUnreadable.
    """
    try:
        return Settings(**values)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]).upper()
        raise SettingsError(name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsUnreadable from error
