"""The address of a session's check-in: short enough to be typed from a wall, and not to be guessed."""

import base64

from django.utils.crypto import constant_time_compare, salted_hmac

from meetings.models import Session

_SALT = "meetings.desk.check-in"
_LETTERS = 10  # of 32 each: fifty bits, for a page that opens for hours


def token_of(session: Session) -> str:
    """Give the token of a session's check-in: its number, and letters that only this site can write."""
    return f"{session.pk}-{_signature(str(session.pk))}"


def read_token(token: str) -> int | None:
    """Give the key of the session that a token is for; None for one that this site did not write."""
    number, _dash, signature = token.lower().partition("-")
    is_number = number.isascii() and number.isdigit() and len(number) < 19 and not number.startswith("0")
    return int(number) if is_number and constant_time_compare(signature, _signature(number)) else None


def _signature(number: str) -> str:
    digest = salted_hmac(_SALT, number, algorithm="sha256").digest()
    return base64.b32encode(digest).decode()[:_LETTERS].lower()
