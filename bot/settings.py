"""What an operator sets: environment or `.env`, prefix `BANSHI_`. Read once, in the composition root."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from bot.booking_settings import BookingSettings
from bot.notice_settings import NoticeSettings
from bot.queue_settings import QueueSettings
from hall.sealing import DEVELOPMENT_SECRET as DEVELOPMENT_SECRET

SIMULATOR_APPID = "wxba5fad812f8e6fb9"
SIMULATOR_SECRET = "simulator-app-secret"  # noqa: S105 - the simulator's, refused in production
SIMULATOR_TOKEN = "simulatortoken"  # noqa: S105
SIMULATOR_AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
WECHAT_API = "https://api.weixin.qq.com"
WECHAT_LOGIN = "https://open.weixin.qq.com"


class SettingsError(Exception):
    """A wrong setting, as one line that an operator can act on."""


class Settings(BookingSettings, NoticeSettings, QueueSettings):
    """The settings by the names operators use; see docs/operations.md for what each does."""

    model_config = SettingsConfigDict(
        env_prefix="BANSHI_", env_file=".env", extra="ignore", env_ignore_empty=True
    )

    mode: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    secret_key: str = DEVELOPMENT_SECRET
    # After a change of the secret: what was sealed under this one still opens.
    secret_key_previous: str = ""
    wechat_appid: str = ""
    wechat_secret: str = ""
    wechat_token: str = ""
    wechat_aes_key: str = ""
    wechat_aes_key_previous: str = ""
    wechat_api_base: str = ""
    # safe: encrypted both ways; compat: plain and encrypted side by side; plain: test accounts only.
    wechat_mode: Literal["safe", "compat", "plain"] = "safe"
    # customer-service: a late answer follows by customer-service message; retry: by WeChat's own retry.
    wechat_late_answers: Literal["customer-service", "retry"] = "customer-service"
    # choices as links one can tap in the chat (weixin://bizmsgmenu), beside their numbers.
    wechat_tap_choices: bool = True
    # link: the citizen's own pages open by a signed link, once; wechat: by WeChat's own word for who opened
    # it (网页授权, a verified service account's right), without which a link does not open.
    wechat_page_login: Literal["link", "wechat"] = "link"
    wechat_login_base: str = ""
    public_url: str = ""
    # A proxy stands before the product and adds the caller's address to X-Forwarded-For.
    behind_proxy: bool = False
    clock: datetime | None = None
    simulator: bool | None = None
    model_dir: Path = Path("models")
    messages_per_minute: int = Field(default=40, ge=1)
    session_idle_minutes: int = Field(default=60, ge=1)
    # A conversation that was silent for so long is forgotten.
    conversation_days: int = Field(default=180, ge=1)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("wechat_aes_key", "wechat_aes_key_previous")
    @classmethod
    def _aes_key_has_43_characters(cls, value: str) -> str:
        if value and (len(value) != 43 or not value.isalnum()):
            raise ValueError("an EncodingAESKey has 43 letters and digits")
        return value

    @field_validator("clock")
    @classmethod
    def _clock_in_shanghai(cls, value: datetime | None) -> datetime | None:
        from zoneinfo import ZoneInfo

        return value.replace(tzinfo=ZoneInfo("Asia/Shanghai")) if value and value.tzinfo is None else value

    @model_validator(mode="after")
    def _fit_the_mode(self) -> Self:
        if self.simulator is None:
            self.simulator = self.mode == "development" and not self.wechat_appid
        if self.mode == "production":
            self._refuse_development_values()
        if self.simulator:
            self.wechat_appid = self.wechat_appid or SIMULATOR_APPID
            self.wechat_secret = self.wechat_secret or SIMULATOR_SECRET
            self.wechat_token = self.wechat_token or SIMULATOR_TOKEN
            self.wechat_aes_key = self.wechat_aes_key or SIMULATOR_AES_KEY
            self.wechat_api_base = self.wechat_api_base or f"http://127.0.0.1:{self.port}/simulator/api"
            self.use_simulated_notices(f"http://127.0.0.1:{self.port}/simulator")
            self.wechat_login_base = self.wechat_login_base or f"http://127.0.0.1:{self.port}/simulator"
        self.wechat_api_base = (self.wechat_api_base or WECHAT_API).rstrip("/")
        self.wechat_login_base = (self.wechat_login_base or WECHAT_LOGIN).rstrip("/")
        self.public_url = (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir.absolute() / 'banshi.db'}"
        return self

    @property
    def late_by_retry(self) -> bool:
        """Whether a late answer is left to WeChat's own retry (no right to customer-service messages)."""
        return self.wechat_late_answers == "retry"

    @property
    def secrets(self) -> list[str]:
        """The secret, then the one it replaced."""
        return [secret for secret in (self.secret_key, self.secret_key_previous) if secret]

    def _refuse_development_values(self) -> None:
        if self.simulator:
            raise ValueError("BANSHI_SIMULATOR: the simulator is not for production")
        self.refuse_simulated_notices()
        if self.clock is not None:
            raise ValueError("BANSHI_CLOCK is for development only")
        if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 32:
            raise ValueError("BANSHI_SECRET_KEY: production needs a secret of its own, 32 characters or more")
        for name in ("wechat_appid", "wechat_secret", "wechat_token"):
            if not getattr(self, name):
                raise ValueError(f"BANSHI_{name.upper()} is missing")
        if self.wechat_secret == SIMULATOR_SECRET or self.wechat_token == SIMULATOR_TOKEN:
            raise ValueError("BANSHI_WECHAT_SECRET, BANSHI_WECHAT_TOKEN: these are the simulator's")
        if self.wechat_mode != "plain" and not self.wechat_aes_key:
            raise ValueError("BANSHI_WECHAT_AES_KEY is missing (or set BANSHI_WECHAT_MODE=plain)")
        if self.wechat_aes_key == SIMULATOR_AES_KEY:
            raise ValueError("BANSHI_WECHAT_AES_KEY: this is the simulator's")
        if not self.public_url.startswith("https://"):
            raise ValueError("BANSHI_PUBLIC_URL: production needs the https address citizens reach")


def load_settings() -> Settings:
    """Read the settings; raise SettingsError with one line that names the setting and what is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"BANSHI_{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise SettingsError(name + str(first["msg"]).removeprefix("Value error, ")) from None
