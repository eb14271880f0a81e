"""The text of a file, whatever wrote it: UTF-8, UTF-16 with or without its mark, or one of the region's Windows code pages."""

import re

from django.utils.translation import gettext as _

from meetings.reports.refusals import UnreadableReport

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LOOKED_AT = 20_000

# The letters beyond ASCII that names and headings in each code page are written with, the frequent ones of the two alphabets first:
# all bytes are letters in Greek and Cyrillic pages alike, so only their frequency tells the two apart.
_LATIN = {
    "cp1254": "çğıöşüÇĞİÖŞÜâîûé",
    "cp1250": "čćđšžČĆĐŠŽăâîşţĂÂÎŞŢëçËÇöüäßÖÜÄáéíóőű",
}
_ALPHABETS = {
    "cp1251": ("аоеинтрвслкдпмуАИМНСПВКГДТБ", "абвгдежзийклмнопрстуфхцчшщъыьэюяѐёђѓєѕіїјљњћќўџАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯЁЂЃЄЅІЇЈЉЊЋЌЏ"),
    "cp1253": ("αοιετσνηυρπκμλςάίόέύήΑΙΜΝΣΠΓΔΤΚ", "αβγδεζηθικλμνξοπρςστυφχψωάέήίόύώϊϋΐΰΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏΪΫ"),
}  # fmt: skip
_TYPOGRAPHY = "–—‘’“”„•…\u00a0€§°«»№·"
_WORD = re.compile(r"[^\W\d_]+")


def text_of(raw: bytes) -> str:
    """Decode a file.

    A byte order mark is believed, then UTF-16 is told by its zero bytes, then UTF-8 by its strict form; what is left is in a
    Windows code page, and the one in which its letters make the likeliest words is taken. Raises UnreadableReport.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _strictly(raw[len(mark) :], encoding)
    encoding = _wide(raw)
    if encoding:
        return _strictly(raw, encoding)
    if b"\0" in raw:
        raise _no_text()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _in_code_page(raw, error)
    return _checked(text)


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return _checked(raw.decode(encoding))
    except UnicodeDecodeError as error:
        where = {"encoding": encoding.upper(), "line": raw[: error.start].count(b"\n") + 1, "byte": error.start + 1}
        raise UnreadableReport(
            _(
                "The file says that it is %(encoding)s and breaks off or is damaged at byte %(byte)d (line %(line)d): "
                "download it again from Zoom or Teams."
            )
            % where
        ) from error


def _wide(raw: bytes) -> str:
    """Tell UTF-16 without its mark: half of the bytes of line ends, digits, tabs and commas are zero, always the same half."""
    head = raw[: _LOOKED_AT & ~1]
    first, second = head[0::2].count(0), head[1::2].count(0)
    if max(first, second) * 12 < len(head) or min(first, second) * 10 > max(first, second):
        return ""
    return "utf-16-be" if first > second else "utf-16-le"


def _in_code_page(raw: bytes, error: UnicodeDecodeError) -> str:
    read = {encoding: _decoded(raw, encoding) for encoding in (*_LATIN, *_ALPHABETS)}
    scores = {encoding: _likelihood(text, encoding) for encoding, text in read.items() if text is not None}
    best = max(scores, key=lambda encoding: scores[encoding], default="")
    if not best or scores[best] <= 0:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableReport(
            _("Line %(line)d is written in no encoding that we know: save the file as “CSV UTF-8”, or as .xlsx.")
            % {"line": line}
        )
    return read[best] or ""


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _likelihood(text: str, encoding: str) -> float:
    """Say how likely the letters beyond ASCII make this the code page: home letters for it, foreign ones and mixed words against."""
    score = 0.0
    common, letters = _ALPHABETS.get(encoding, ("", _LATIN.get(encoding, "")))
    for word in _strange_words(text):
        strange = [letter for letter in word if ord(letter) > 127]
        if common and len(strange) < len(word):
            score -= 2  # Latin letters within a Greek or Cyrillic word
        for at, letter in enumerate(word):
            if ord(letter) > 127:
                score += 1.0 if letter in (common or letters) else 0.4 if letter in letters else -2
                score -= 0.7 if at and letter.isupper() and word[at - 1].islower() else 0
    strays = sum(
        1 for letter in text[:_LOOKED_AT] if ord(letter) > 127 and not letter.isalpha() and letter not in _TYPOGRAPHY
    )
    return score - strays


def _strange_words(text: str) -> list[str]:
    """Give the words with letters beyond ASCII, up to so many."""
    return [word for word in _WORD.findall(text[: 20 * _LOOKED_AT]) if not word.isascii()][:2_000]


def _checked(text: str) -> str:
    """Refuse what decodes and is no text all the same."""
    head = text[:_LOOKED_AT]
    odd = sum(1 for letter in head if ord(letter) < 32 and letter not in "\t\r\n\f\v")
    if "\0" in text or odd * 100 > len(head):
        raise _no_text()
    return text


def _no_text() -> UnreadableReport:
    return UnreadableReport(
        _("This is no text: choose the participants file as it was downloaded (.csv), or a workbook (.xlsx).")
    )
