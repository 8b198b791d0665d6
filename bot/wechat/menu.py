"""The menu under the chat: data, checked against the platform's limits before it is sent.

A click's key names what the citizen means: `intent:NAME`, with an intent of the product.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)

from bot.wechat.client import WeChatClient

MAX_NAME_BYTES: Final = 16
MAX_SUB_NAME_BYTES: Final = 40
MAX_KEY_BYTES: Final = 128
MAX_URL_BYTES: Final = 1024
INTENT_PREFIX: Final = "intent:"
DEFAULT_MENU: Final = Path(__file__).parent.parent.parent / "data" / "menu.json"


class MenuError(Exception):
    """A menu file that can't be used; the message is one line that says where and why."""


def _at_most(limit: int) -> AfterValidator:
    def check(value: str) -> str:
        if len(value.encode()) > limit:
            raise ValueError(f"{value!r} has {len(value.encode())} bytes, WeChat takes {limit}")
        return value

    return AfterValidator(check)


def _web_address(value: str) -> str:
    if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc:
        raise ValueError(f"{value!r} is no web address")
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Click(_Strict):
    """Comes back as a CLICK event with its key."""

    type: Literal["click"]
    name: Annotated[str, Field(min_length=1), _at_most(MAX_SUB_NAME_BYTES)]
    key: Annotated[str, Field(min_length=1), _at_most(MAX_KEY_BYTES)]

    @property
    def intent(self) -> str:
        """The intent the key names, "" for a key of another form."""
        return intent_of(self.key)


class View(_Strict):
    """Opens a page."""

    type: Literal["view"]
    name: Annotated[str, Field(min_length=1), _at_most(MAX_SUB_NAME_BYTES)]
    url: Annotated[str, AfterValidator(_web_address), _at_most(MAX_URL_BYTES)]


class Scan(_Strict):
    """Opens the camera; what was scanned comes back as an event."""

    type: Literal["scancode_push", "scancode_waitmsg"]
    name: Annotated[str, Field(min_length=1), _at_most(MAX_SUB_NAME_BYTES)]
    key: Annotated[str, Field(min_length=1), _at_most(MAX_KEY_BYTES)]


Entry = Annotated[Click | View | Scan, Field(discriminator="type")]


def _shape(value: Any) -> str:
    # Told apart by hand, so that an error names what is wrong with the one that was meant.
    is_group = isinstance(value, Group) or (isinstance(value, dict) and "sub_button" in value)
    return "group" if is_group else "entry"


class Group(_Strict):
    """A button that opens up to five entries."""

    name: Annotated[str, Field(min_length=1), _at_most(MAX_NAME_BYTES)]
    sub_button: Annotated[list[Entry], Field(min_length=1, max_length=5)]


Button = Annotated[
    Annotated[Group, Tag("group")] | Annotated[Entry, Tag("entry")],
    Discriminator(_shape),
]


class Menu(_Strict):
    """Up to three buttons, each an entry of its own or a group."""

    button: Annotated[list[Button], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for button in self.button:
            if len(button.name.encode()) > MAX_NAME_BYTES:
                raise ValueError(f"{button.name!r}: a button's name has at most {MAX_NAME_BYTES} bytes")
        return self

    def payload(self) -> dict[str, Any]:
        """The menu as the platform wants it."""
        return self.model_dump(mode="json")

    def entries(self) -> list[Click | View | Scan]:
        """Every entry, from left to right and top to bottom."""
        return [
            entry
            for button in self.button
            for entry in (button.sub_button if isinstance(button, Group) else [button])
        ]


def load_menu(path: Path, *, public_url: str = "") -> Menu:
    """The menu in a JSON file; `{public_url}` in its addresses is filled in. Raises MenuError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MenuError(f"{path}: {error}") from None
    try:
        data = json.loads(text.replace("{public_url}", public_url.rstrip("/")))
        return Menu.model_validate(data)
    except json.JSONDecodeError as error:
        raise MenuError(f"{path}: line {error.lineno}: {error.msg}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise MenuError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from None


async def push_menu(client: WeChatClient, menu: Menu) -> None:
    """Make `menu` the account's menu. Citizens see it within 24 hours. Raises WeChatError."""
    await client.create_menu(menu.payload())


def intent_of(key: str) -> str:
    """The intent that a click's key names, "" for a key of another form."""
    return key.removeprefix(INTENT_PREFIX) if key.startswith(INTENT_PREFIX) else ""
