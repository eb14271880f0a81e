"""Draws a card of 1200 × 630: the network's green, ink, and Commissioner for Latin, Greek and Cyrillic."""

import io
import math
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

VERSION = "1"  # raise it when the drawing changes, so that copies kept elsewhere grow stale
WIDTH, HEIGHT, MARGIN = 1200, 630, 72
GREEN, INK, SOFT = (108, 192, 104), (14, 33, 23), (29, 58, 42)
RING = (92, 170, 89)
_TITLE_SIZES = range(124, 39, -4)
_TITLE_TOP, _TITLE_BOTTOM = 196, 452
_SMALLEST = 14
_Font = ImageFont.FreeTypeFont


@dataclass(frozen=True)
class Card:
    """What is written on a card.

    `native` is the name in its own script; `number` stands big in the corner unless it is 0.
    """

    eyebrow: str
    title: str
    native: str = ""
    facts: tuple[str, ...] = ()
    number: int = 0
    number_label: str = ""


def draw(card: Card) -> bytes:
    """Draw a card as PNG. The title is set as large as it fits and broken between words alone."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), GREEN)
    picture.paste(RING, (WIDTH - 470, -130), _ring(600))
    pen = ImageDraw.Draw(picture)
    _draw_head(pen, card.eyebrow)
    _draw_title(pen, card)
    _draw_foot(pen, card)
    out = io.BytesIO()
    picture.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_head(pen: ImageDraw.ImageDraw, eyebrow: str) -> None:
    pen.text((MARGIN, 92), "B40", INK, _font("Bold", 58), "ls")
    pen.text((MARGIN + 128, 92), "Balkan Cities Network", SOFT, _font("Regular", 30), "ls")
    pen.rectangle((MARGIN, 143, MARGIN + 44, 149), INK)
    pen.text((MARGIN + 62, 156), fit(eyebrow, _font("Bold", 30), WIDTH - 3 * MARGIN), INK, _font("Bold", 30), "ls")


def _draw_title(pen: ImageDraw.ImageDraw, card: Card) -> None:
    bottom = _TITLE_BOTTOM - (80 if card.native else 0)
    font, lines = layout(card.title, WIDTH - 2 * MARGIN, bottom - _TITLE_TOP)
    step = _line_height(font)
    for number, line in enumerate(lines):
        pen.text((MARGIN, _TITLE_TOP + number * step + font.size), line, INK, font, "ls")
    if card.native:
        below = _TITLE_TOP + len(lines) * step + 62
        native = _font("Regular", 50)
        pen.text((MARGIN, below), fit(card.native, native, WIDTH - 2 * MARGIN), SOFT, native, "ls")


def _draw_foot(pen: ImageDraw.ImageDraw, card: Card) -> None:
    room = WIDTH - 2 * MARGIN
    if card.number:
        number, label = f"{card.number}", card.number_label
        label_width = _font("Regular", 34).getlength(label)
        pen.text((WIDTH - MARGIN - label_width, HEIGHT - MARGIN), label, INK, _font("Regular", 34), "ls")
        pen.text((WIDTH - MARGIN - label_width - 18, HEIGHT - MARGIN), number, INK, _font("Bold", 118), "rs")
        room -= int(label_width + 18 + _font("Bold", 118).getlength(number) + 40)
    font = _font("Regular", 36)
    for place, fact in enumerate(reversed(card.facts[:2])):
        pen.text((MARGIN, HEIGHT - MARGIN - place * 50), fit(fact, font, room), INK, font, "ls")


def layout(title: str, width: int, height: int) -> tuple[_Font, list[str]]:
    """Choose the largest size at which the title, broken between words, fits; give the typeface at that size and
    the lines.

    A title that fits at no size is shortened after a word; a single word too long for a line is set smaller, never cut.
    """
    for size in _TITLE_SIZES:
        font = _font("Bold", size)
        lines = wrap(title, font, width)
        if len(lines) * _line_height(font) <= height and all(font.getlength(line) <= width for line in lines):
            return font, lines
    font = _font("Bold", _size_for_words(title, width))
    most = max(1, height // _line_height(font))
    lines = wrap(title, font, width)
    return font, lines if len(lines) <= most else [*lines[: most - 1], fit(" ".join(lines[most - 1 :]), font, width)]


def _size_for_words(title: str, width: int) -> int:
    widest = max(title.split(), key=_font("Bold", 40).getlength, default="")
    length = _font("Bold", 40).getlength(widest)
    return 40 if length <= width else max(_SMALLEST, math.floor(40 * width / length))


def wrap(text: str, font: _Font, width: int) -> list[str]:
    """Break a text into lines between words; a word wider than the line stands alone on one."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fit(text: str, font: _Font, width: int) -> str:
    """Give the text, or as many of its words as fit with "…" behind them."""
    if font.getlength(text) <= width:
        return text
    words = text.split()
    while words and font.getlength(" ".join(words) + " …") > width:
        words.pop()
    return " ".join(words) + " …" if words else "…"


def _line_height(font: _Font) -> int:
    return math.ceil(font.size * 1.08)


@lru_cache(maxsize=32)
def _font(weight: str, size: int) -> _Font:
    return ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / f"Commissioner-{weight}.ttf", size)


@lru_cache(maxsize=1)
def _ring(size: int) -> Image.Image:
    """The network's ring, forty dots outside and fewer towards the middle, as a mask.

    Drawn large and reduced, for smooth edges.
    """
    scale = 3
    mask = Image.new("L", (size * scale, size * scale), 0)
    pen = ImageDraw.Draw(mask)
    middle = size * scale / 2
    for dots, radius, dot in ((40, 0.47, 0.0155), (28, 0.35, 0.013), (18, 0.23, 0.0105), (10, 0.12, 0.008)):
        for number in range(dots):
            angle = 2 * math.pi * number / dots
            x = middle + size * scale * radius * math.sin(angle)
            y = middle - size * scale * radius * math.cos(angle)
            reach = size * scale * dot
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), 255)
    return mask.resize((size, size), Image.Resampling.LANCZOS)
