"""What a mail server's refusal means: for the letter, and for the address."""

import re
import smtplib
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

# Enhanced codes (RFC 3463) that speak of the recipient's address alone, for good.
NOBODY_THERE = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}
# Those that servers use for anything: then the plain code and the words must tell.
SAYS_LITTLE = {"", "5.0.0", "5.1.0", "5.2.0", "5.4.1", "5.5.0"}
PLAIN_NOBODY_THERE = {550, 551, 553}
# A refusal of us, not of the recipient: what we are, where we stand, what is said of us.
ABOUT_US = re.compile(
    r"relay|spam|block|black|reputation|policy|authenti|sender|spf|dkim|dmarc|client|your (?:host|ip)|try again", re.I
)
# And one of the recipient, in the words that servers have for it.
ABOUT_THEM = re.compile(
    r"user|mailbox|recipient|address|account|inbox|domain|no such|unknown|unrout|not (?:exist|found|here)|nobody", re.I
)


@dataclass(frozen=True)
class Verdict:
    """What went wrong, in the server's words; whether trying again is of no use; whether nobody is at that address."""

    words: str
    is_final: bool = False
    is_nobody_there: bool = False


def judge(error: Exception, address: str) -> Verdict:
    """Say what an error on the way to an address means. In doubt it is trouble that passes, and the address is fine."""
    if isinstance(error, ValueError):
        return Verdict(_("This cannot be sent: %(error)s") % {"error": error}, is_final=True)
    refusal = _refusal(error)
    if refusal is None:
        return Verdict(f"{type(error).__name__}: {error}")
    code, said = refusal
    words = f"{code} {said}"
    if not _is_about_recipient(code, said, at_recipient=isinstance(error, smtplib.SMTPRecipientsRefused)):
        return Verdict(words)
    return Verdict(words, is_final=True, is_nobody_there=not _is_ours(address))


def _refusal(error: Exception) -> tuple[int, str] | None:
    """Give the code and the words of a server that answered; None when it did not."""
    code: int
    said: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        return None
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return code, " ".join(text.split())


def _is_about_recipient(code: int, said: str, *, at_recipient: bool) -> bool:
    if not 500 <= code <= 599:
        return False
    enhanced = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", said)
    detail = enhanced[0] if enhanced else ""
    if detail in NOBODY_THERE:
        return True
    is_vague = detail in SAYS_LITTLE and code in PLAIN_NOBODY_THERE
    return bool(at_recipient and is_vague and ABOUT_THEM.search(said) and not ABOUT_US.search(said))


def _is_ours(address: str) -> bool:
    own = {parseaddr(written)[1].lower() for written in (settings.MAIL_FROM, settings.MAIL_REPLY_TO)}
    return address.lower() in own
