"""A letter as the mail that leaves."""

from email.headerregistry import Address
from email.message import Message
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from meetings.models import Letter

ATTACHMENT = "invite.ics"


class LetterMail(EmailMultiAlternatives):
    """One mail to one person: text, HTML if there is any, the calendar entry both in line and as a file."""

    def __init__(self, letter: Letter) -> None:
        super().__init__(
            subject=one_line(letter.subject),
            body=letter.text,
            from_email=settings.MAIL_FROM,
            to=[mailbox(letter.name, letter.address)],
            reply_to=[settings.MAIL_REPLY_TO],
            headers=headers_of(letter),
        )
        self.method = letter.method
        if letter.html:
            self.attach_alternative(letter.html, "text/html")
        if letter.calendar:
            self.attach_alternative(letter.calendar, "text/calendar")
            self.attach(ATTACHMENT, letter.calendar.encode(), "application/ics")

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """Give the mail with the calendar part saying what it asks (RFC 6047): without it, it is a mere text."""
        message: Message = super().message(*args, **kwargs)
        for part in message.walk():
            if self.method and part.get_content_type() == "text/calendar":
                part.set_param("method", self.method)
        return message


def headers_of(letter: Letter) -> dict[str, str]:
    """Give what the head of a mail says beside from whom and to whom.

    No machine shall answer a machine (RFC 3834); mail programs offer to unsubscribe by one click (RFC 2369, RFC 8058).
    """
    headers = {"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"}
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def one_line(text: str) -> str:
    """Give a text without line breaks and other control characters, which have no place in the head of a mail."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def mailbox(name: str, address: str) -> str:
    """Give “name <address>”, quoted as the head of a mail asks. Raises ValueError for what is no address."""
    return str(Address(one_line(name), addr_spec=address))
