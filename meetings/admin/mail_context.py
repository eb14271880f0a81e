"""What the pages of mail show."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.mail.composing import ATTACHMENT, mailbox
from meetings.models import Letter, LetterState, Mailing
from members.models import DeadAddress
from members.paging import paginate

PER_PAGE = 50
# So long after their time letters should have left.
PATIENCE = dt.timedelta(minutes=3)


def mailing_context(request: HttpRequest, mailing: Mailing) -> dict[str, Any]:
    """Give the numbers by state, and a page of the people in the chosen state."""
    letters: Any = mailing.letters.newest().with_state()
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in LetterState.values else ""
    listed = letters.filter(state=chosen) if chosen else letters
    return {
        "mailing": mailing,
        "figures": _figures(letters, chosen),
        "page": paginate(request, listed.select_related("organisation"), PER_PAGE),
        "chosen": chosen,
        "notices": notices(mailing),
        "meeting_url": _workspace(mailing),
    }


def _figures(letters: Any, chosen: str) -> list[dict[str, Any]]:
    counts = letters.aggregate(**{state: Count("pk", filter=Q(state=state)) for state in LetterState.values})
    total = {"label": _("all"), "number": sum(counts.values()), "query": "?", "is_chosen": not chosen}
    return [
        total,
        *(
            {"label": state.label, "number": counts[state], "query": f"?state={state}", "is_chosen": chosen == state}
            for state in LetterState
        ),
    ]


def _workspace(mailing: Mailing) -> str:
    return reverse("admin:meetings_meeting_workspace", args=[mailing.meeting_id]) if mailing.meeting_id else ""


def notices(mailing: Mailing) -> list[str]:
    """Say what keeps letters from reaching people, if anything does."""
    said = []
    if "filebased" in settings.EMAIL_BACKEND:
        folder = {"folder": settings.EMAIL_FILE_PATH}
        said.append(
            _("No mail server is set: letters are written into the folder %(folder)s and reach nobody.") % folder
        )
    if mailing.letters.waiting().due(timezone.now() - PATIENCE).exists():
        said.append(_("Letters have been waiting for minutes: the worker does not seem to run (manage.py work)."))
    return said


def letter_context(letter: Letter) -> dict[str, Any]:
    """Give a letter with its head, its neighbours in the mailing, and the other times it was sent."""
    order = list(letter.mailing.letters.newest().values_list("pk", flat=True))
    at = order.index(letter.pk) if letter.pk in order else None
    first = letter.repeats_id or letter.pk
    times = Letter.objects.filter(Q(pk=first) | Q(repeats=first)).with_state().select_related("repeated_by")
    return {
        "letter": letter,
        "mailing": letter.mailing,
        "head": _head(letter),
        "attachment": ATTACHMENT if letter.calendar else "",
        "is_newest": at is not None,
        "number": None if at is None else at + 1,
        "total": len(order),
        "before": order[at - 1] if at else None,
        "after": order[at + 1] if at is not None and at + 1 < len(order) else None,
        "times": times.order_by("pk"),
        "dead": DeadAddress.objects.filter(address=letter.address_now.lower()).first(),
        "notices": notices(letter.mailing),
    }


def _head(letter: Letter) -> list[tuple[str, str]]:
    return [
        (_("From"), settings.MAIL_FROM),
        (_("Answers go to"), settings.MAIL_REPLY_TO),
        (_("To"), mailbox(letter.name, letter.address)),
        (_("Subject"), letter.subject),
    ]
