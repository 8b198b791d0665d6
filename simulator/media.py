"""Temporary media: real bytes, bounded, gone after three days."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.errors import ApiError

LIFE = timedelta(days=3)
MOST_BYTES = 96 * 1024 * 1024
LIMITS = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"GIF8", "image/gif", "gif"),
    (b"BM", "image/bmp", "bmp"),
    (b"#!AMR", "audio/amr", "amr"),
    (b"ID3", "audio/mpeg", "mp3"),
    (b"\xff\xfb", "audio/mpeg", "mp3"),
)
_ALLOWED = {
    "image": {"jpg", "png", "gif", "bmp"},
    "voice": {"amr", "mp3"},
    "video": {"mp4"},
    "thumb": {"jpg"},
}
# A second of silence: the AMR header and fifty frames of no data.
SILENT_AMR = b"#!AMR\n" + bytes([0x7C]) * 50


@dataclass(slots=True)
class Media:
    """One file: sent by a citizen or uploaded by the account."""

    id: str
    kind: str
    content_type: str
    suffix: str
    data: bytes
    created: datetime
    owner: str

    def expired(self, now: datetime) -> bool:
        """Tell whether its three days are over."""
        return now - self.created >= LIFE

    def to_dict(self, now: datetime) -> dict[str, Any]:
        """Describe the file for the page."""
        return {
            "id": self.id,
            "kind": self.kind,
            "content_type": self.content_type,
            "size": len(self.data),
            "owner": self.owner,
            "seconds_left": max(0, int((self.created + LIFE - now).total_seconds())),
        }


def sniff(data: bytes) -> tuple[str, str]:
    """Give content type and suffix by the first bytes, whatever the name says."""
    if data[4:8] == b"ftyp":
        return "video/mp4", "mp4"
    for magic, content_type, suffix in _MAGIC:
        if data.startswith(magic):
            return content_type, suffix
    return "application/octet-stream", "bin"


class MediaStore:
    """Keeps files in memory; the oldest make room for new ones."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Media] = OrderedDict()

    def add(self, kind: str, data: bytes, *, owner: str, now: datetime) -> Media:
        """Store a file; raise ApiError 40004, 41005, 40006/40009 or 40005 as an upload would."""
        if kind not in LIMITS:
            raise ApiError(40004)
        if not data:
            raise ApiError(41005)
        if len(data) > LIMITS[kind]:
            raise ApiError(40009 if kind == "image" else 40006)
        content_type, suffix = sniff(data)
        if suffix not in _ALLOWED[kind]:
            raise ApiError(40005, f"not a {kind}")
        media = Media(secrets.token_urlsafe(48), kind, content_type, suffix, data, now, owner)
        self._files[media.id] = media
        while sum(len(m.data) for m in self._files.values()) > MOST_BYTES:
            self._files.popitem(last=False)
        return media

    def get(self, media_id: str, now: datetime) -> Media:
        """Give a living file; raise ApiError 40007 for one unknown or dead."""
        media = self._files.get(media_id)
        if media is None or media.expired(now):
            raise ApiError(40007)
        return media

    def show(self, media_id: str) -> Media | None:
        """Give the file for the page, which shows a picture also after its end on the platform."""
        return self._files.get(media_id)

    def expire(self, media_id: str) -> None:
        """Make one file dead now."""
        if media := self._files.get(media_id):
            media.created -= LIFE

    def shift(self, by: timedelta) -> None:
        """Move everything into the past, as if that time had gone by."""
        for media in self._files.values():
            media.created -= by

    def newest(self, most: int = 50) -> list[Media]:
        """List files, newest first."""
        return list(reversed(self._files.values()))[:most]
