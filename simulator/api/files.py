"""Temporary media up and down."""

from __future__ import annotations

from aiohttp import BodyPartReader, web

from simulator.api.dispatch import Call
from simulator.errors import ApiError
from simulator.media import LIMITS
from simulator.wire import Fields


async def media_upload(call: Call) -> Fields:
    """Serve media/upload: multipart, the file in the part `media`."""
    kind = call.query.get("type", "")
    if kind not in LIMITS:
        raise ApiError(40004)
    try:
        data = await read_part(call.request, "media", LIMITS[kind])
    except ApiError as error:
        raise ApiError(40006) if error.code == 40009 and kind != "image" else error from None
    media = call.platform.media.add(kind, data, owner="公众号", now=call.platform.now())
    key = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, key: media.id, "created_at": int(media.created.timestamp())}


async def media_get(call: Call) -> Fields | web.StreamResponse:
    """Serve media/get: the bytes; a video by its address; an error as JSON with HTTP 200."""
    if not call.query.get("media_id"):
        raise ApiError(41006)
    media = call.platform.media.get(call.query["media_id"], call.platform.now())
    if media.kind == "video":
        return {"video_url": f"{call.platform.settings.base_url}/media/{media.id}"}
    name = f"{media.id[:24]}.{media.suffix}"
    return web.Response(
        body=media.data,
        content_type=media.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def read_part(request: web.Request, name: str, most: int) -> bytes:
    """Read one part of a multipart body, bounded; raise ApiError 41005, or 40009 when it is too large."""
    if not request.content_type.startswith("multipart/"):
        raise ApiError(41005)
    try:
        reader = await request.multipart()
        while part := await reader.next():
            if isinstance(part, BodyPartReader) and part.name == name:
                return await _read_bounded(part, most)
    except ValueError as error:
        raise ApiError(41005, str(error)[:80]) from None
    raise ApiError(41005)


async def _read_bounded(part: BodyPartReader, most: int) -> bytes:
    data = b""
    while chunk := await part.read_chunk(256 * 1024):
        data += chunk
        if len(data) > most:
            raise ApiError(40009)
    return data
