"""A code that can be scanned, drawn into the page itself: nothing is fetched and no script draws it."""

from __future__ import annotations

import segno
from markupsafe import Markup

# Pixels to a module: the drawing grows with the page's type by its viewBox.
_SCALE = 6


def qr_of(code: str, title: str) -> Markup:
    """The QR code of a text as an SVG element; `title` is what it is called."""
    drawn = segno.make_qr(code, error="m")
    svg = drawn.svg_inline(scale=_SCALE, border=4, dark="#000", light="#fff", omitsize=True, title=title)
    # Drawn by segno out of digits, with a title of ours.
    return Markup(svg)  # noqa: S704
