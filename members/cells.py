"""Texts in the cells of spreadsheets."""

# What a spreadsheet would take for a formula; written with an apostrophe in front.
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def unguarded(text: str) -> str:
    """Take off the apostrophe that `guarded` put before a text."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_BEGINNINGS) else text


def guarded(text: str) -> str:
    """Keep spreadsheets from running a text as a formula (CWE-1236)."""
    return f"'{text}" if text.startswith(FORMULA_BEGINNINGS) else text
