"""What can be done with a mailing, in the words of its buttons and of the pages that ask before it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from meetings import mail
from meetings.models import Mailing, MailingState


@dataclass(frozen=True)
class Step:
    """One button: what it does, with how many letters, and what is said before and after."""

    name: str
    button: Any
    title: Any
    asks: Any
    done: Any
    act: Callable[..., Any]
    number: Callable[[Any], int]
    is_offered: Callable[[Any], bool]

    def question(self, mailing: Mailing) -> str:
        return str(self.asks % {"number": self.number(mailing)})


def _repeatable(mailing: Mailing) -> int:
    return len(mail.repeatable(mailing))


WRITES = ngettext_lazy("%(number)d person will be written to.", "%(number)d persons will be written to.", "number")
HOLDS = ngettext_lazy(
    "%(number)d letter that has not left is held back. Nobody is written to.",
    "%(number)d letters that have not left are held back. Nobody is written to.",
    "number",
)

STEPS = [
    Step(
        "release", _("Release"), _("Release this mailing?"), WRITES, _("Released: the letters are on their way."),
        mail.release, lambda mailing: mailing.people,
        lambda mailing: mailing.state == MailingState.PREPARED and mailing.people > 0,
    ),
    Step(
        "pause", _("Pause"), _("Pause this mailing?"), HOLDS, _("Paused: what has not left stays here."),
        mail.pause, lambda mailing: mailing.left, lambda mailing: mailing.state == MailingState.LEAVING,
    ),
    Step(
        "resume", _("Resume"), _("Resume this mailing?"), WRITES, _("Resumed: the letters are on their way."),
        mail.resume, lambda mailing: mailing.left, lambda mailing: mailing.state == MailingState.PAUSED,
    ),
    Step(
        "again", _("Send the failed again"), _("Send the failed letters again?"), WRITES,
        _("The failed letters are on their way again."),
        mail.send_failed_again, _repeatable,
        lambda mailing: mailing.failed > 0 and mailing.state != MailingState.PAUSED and _repeatable(mailing) > 0,
    ),
]  # fmt: skip
