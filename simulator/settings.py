"""What the simulated platform knows of the account and of the server behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from simulator.templates import DEFAULT_TEMPLATES, Template

Mode = Literal["plain", "compat", "safe"]
DataFormat = Literal["xml", "json"]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# Calls a day by endpoint, as the platform documents them; a test account has about a tenth.
DAILY_QUOTAS: Mapping[str, int] = {
    "token": 2000,
    "stable_token/force": 20,
    "message/custom/send": 500_000,
    "message/template/send": 100_000,
    "media/upload": 100_000,
    "media/get": 200_000,
    "menu/create": 1000,
}


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """One simulated account. Seconds are real seconds; tests make them short.

    Raises ValueError where an account could not be set so on the real platform either.
    """

    callback_url: str
    appid: str
    secret: str
    token: str
    aes_key: str = ""
    mode: Mode = "safe"
    data_format: DataFormat = "xml"
    account: str = "gh_3c884a361561"
    account_name: str = "安澜区政务服务中心"
    # Where the server behind reaches this simulator (picture addresses in pushes); no slash at its end.
    base_url: str = "http://127.0.0.1:8080/simulator"
    # An unverified (test) account may not send msgmenu: 40200.
    verified: bool = True
    answer_seconds: float = 5.0
    deliveries: int = 3
    # Hosts by which the page may be visited: anything else is a rebinding attack or a wrong address.
    hosts: frozenset[str] = LOOPBACK
    # Hosts to which the web authorisation (OAuth) may send a citizen back, beside the callback's own.
    redirect_hosts: frozenset[str] = LOOPBACK
    quotas: Mapping[str, int] = field(default_factory=lambda: dict(DAILY_QUOTAS))
    templates: tuple[Template, ...] = DEFAULT_TEMPLATES
    citizens: tuple[str, ...] = ("林晓梅", "陈建国")

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode) or self.data_format not in get_args(DataFormat):
            raise ValueError("mode is plain, compat or safe; data_format is xml or json")
        if self.mode != "plain" and (len(self.aes_key) != 43 or not self.aes_key.isalnum()):
            raise ValueError("compat and safe mode need an EncodingAESKey of 43 letters and digits")
        if self.deliveries < 1 or self.answer_seconds <= 0:
            raise ValueError("deliveries and answer_seconds must be positive")
