"""One key for a name in any spelling: Latin, Cyrillic or Greek, with or without diacritics."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# What municipalities put before or after their name, folded; it tells nothing of which one is meant.
_BEFORE = (
    "the |capital |metropolitan |stolichna |mestna |gradska ",
    "municipality of|city of|town of|grad|gradot|opstina|opshtina|obshtina|obshchina|obstina|opcina|obcina|dimos|demos|bashkia e|bashkia|komuna e|komuna|"
    "primaria municipiului|primaria|municipiul",
)
_AFTER = "municipality|metropolitan municipality|buyuksehir belediyesi|belediyesi|belediye"
_GENERIC_BEFORE = re.compile(rf"^(?:(?:{_BEFORE[0]})*(?:{_BEFORE[1]}) )+(?=\S)")
_GENERIC_AFTER = re.compile(rf"(?<=\S)(?: (?:{_AFTER}))+$")

# Ways of writing one sound across the region's orthographies; longer ones first.
_SOUNDS = (
    "tsch>c dzh>d sht>st gj>d dj>d dz>d zh>z sh>s ch>c kh>h ts>c th>t ph>f ck>k lj>l nj>n mp>b nt>d ou>u oy>u ai>e ei>i oi>i "
    "iy>i yi>i ya>a ia>a ja>a yu>u iu>u ju>u y>i j>i w>v x>ks q>c"
)
_CYRILLIC_SOUNDS = "ш>s щ>st ч>c ћ>c ж>z ђ>d џ>d ѓ>d ќ>k љ>l њ>n х>h ц>c ј>j й>j я>ja ю>ju ъ>a ь> ѕ>d"
_LOOSE = [pair.split(">") for pair in _SOUNDS.split()]
_CYRILLIC_AS_GAJ = str.maketrans(dict(pair.split(">") for pair in _CYRILLIC_SOUNDS.split()))


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """Fold a name to its key: lower-case ASCII words parted by single spaces.

    "İzmir", "IZMIR" and "Измир" all give ``izmir``; "Muğla" gives ``mugla``; "Đakovo" gives ``dakovo``; text without a letter or digit gives "".
    Words such as "Municipality of" or "Белдиеси" that say nothing of which city is meant fall away, unless nothing else is left.
    """
    plain = " ".join(re.findall(r"[a-z0-9]+", _ascii(text)))
    return _GENERIC_AFTER.sub("", _GENERIC_BEFORE.sub("", plain))


@lru_cache(maxsize=16_384)
def fold_loosely(text: str) -> str:
    """Fold a name further, so that transliterations of one name meet: "Nikshich", "Nikšić" and "Никшић" give one key.

    To be asked only when `fold` finds nothing, since unlike names may meet here.
    """
    lowered = unicodedata.normalize("NFC", text).lower().translate(_CYRILLIC_AS_GAJ)
    key = fold(lowered)
    for written, sound in _LOOSE:
        key = key.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", key.replace(" ", ""))


def search_text(*parts: str) -> str:
    """Fold texts into one line that `contains` can be asked of, with `fold`'s letters but no word left out."""
    return " ".join(" ".join(re.findall(r"[a-z0-9]+", _ascii(part))) for part in parts if part)


def script_of(text: str) -> str:
    """Give the ISO 15924 code of the script that most letters of a text are in: Latn, Cyrl or Grek."""
    counts = {"Latn": 0, "Cyrl": 0, "Grek": 0}
    for letter in text:
        name = unicodedata.name(letter, "")
        for prefix, script in (("LATIN", "Latn"), ("CYRILLIC", "Cyrl"), ("GREEK", "Grek")):
            counts[script] += name.startswith(prefix)
    return max(counts, key=lambda script: counts[script])


def _ascii(text: str) -> str:
    stripped = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return anyascii(unicodedata.normalize("NFC", stripped)).lower().replace("'", "").replace("’", "")
