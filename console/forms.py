"""Reading a form: bounded, and only after it is known to be ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from console.refusals import foreign_form, no_form, stale_form, too_long
from console.sessions import DOOR_COOKIE, token_is_ours

LONGEST: Final = 64 * 1024
# Who is logged in may send a form that names every booking of a long closure.
_LONGEST_INSIDE: Final = 1024 * 1024
_MOST_FIELDS: Final = 200
TOKEN: Final = "form_token"  # noqa: S105 - a name

Form = Mapping[str, str]


async def read_form(
    request: web.Request, session: str, secrets: list[str], origins: frozenset[str]
) -> dict[str, str]:
    """The fields of a POST; `session` is the id of the session that goes on, if any.

    Raises Refused where it is not ours, too long, or no form.
    """
    if request.headers.get("Origin", "") not in origins | {_own_origin(request)}:
        raise foreign_form()
    if request.content_type != "application/x-www-form-urlencoded":
        raise no_form()
    fields = _fields(await _body(request, _LONGEST_INSIDE if session else LONGEST))
    token = fields.pop(TOKEN, "")
    bound_to = session or request.cookies.get(DOOR_COOKIE, "")
    if not any(token_is_ours(secret, bound_to, token) for secret in secrets):
        raise stale_form()
    return fields


async def _body(request: web.Request, longest: int) -> bytes:
    if (request.content_length or 0) > longest:
        raise too_long()
    received = bytearray()
    while chunk := await request.content.read(LONGEST):
        received += chunk
        if len(received) > longest:
            raise too_long()
    return bytes(received)


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise no_form() from None
    # A field with several values (boxes ticked) is joined by newlines, which no single line contains.
    if any("\0" in part for pair in pairs for part in pair):
        raise no_form()  # nobody types it, and PostgreSQL keeps no text with it
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields[name] = f"{fields[name]}\n{value}" if name in fields else value
    return fields


def _own_origin(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def origin_of(url: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
