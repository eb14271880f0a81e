"""What a step is called on its button, and what it does, before it is taken."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import MailingKind, Meeting, Step

BUTTONS: dict[Step, Any] = {
    Step.ANNOUNCE: gettext_lazy("Announce"),
    Step.START: gettext_lazy("Begin"),
    Step.HOLD: gettext_lazy("Record as held"),
    Step.CLOSE: gettext_lazy("Close"),
    Step.REOPEN: gettext_lazy("Reopen"),
    Step.MOVE: gettext_lazy("Move"),
    Step.POSTPONE: gettext_lazy("Postpone"),
    Step.CANCEL: gettext_lazy("Cancel"),
}


def consequences(meeting: Meeting, step: Step) -> list[str]:
    """Say what a step publishes, and who hears of it."""
    return list(_SAID[step](meeting))


def _announce(meeting: Meeting) -> Iterator[str]:
    yield _("Its page, the calendar, the search and the sitemap show it to everybody from now on.")
    yield from _letters(meeting)


def _letters(meeting: Meeting) -> Iterator[str]:
    waiting = meeting.mailings.filter(released_at__isnull=True, kind=MailingKind.INVITATION).count()
    if waiting:
        yield _("Prepared invitations go out if you say so below; else nobody is written to, and they wait.")
    else:
        yield _("Nobody is written to by this.")


def _start(meeting: Meeting) -> Iterator[str]:
    yield _("Its page says that it is under way.")


def _hold(meeting: Meeting) -> Iterator[str]:
    if meeting.is_draft:
        yield _("Its page, the calendar, the search and the sitemap show it to everybody from now on.")
    yield _("Its page tells who came instead of who takes part.")


def _close(meeting: Meeting) -> Iterator[str]:
    number = meeting.snapshots.count() + 1
    yield _("Attendance, sessions, agenda, decisions and guests are frozen as version %(number)d of its record.") % {
        "number": number
    }
    yield _("Whoever wants to change them afterwards reopens it, with a reason; every version stays readable.")
    yield _("The report comes next: it is proposed from the record, ready to edit.")


def _reopen(meeting: Meeting) -> Iterator[str]:
    yield _("Its record can be changed again; the frozen version stays readable. Closing it again makes the next one.")


def _move(meeting: Meeting) -> Iterator[str]:
    if not meeting.is_draft:
        yield _("Its page says that it was moved, and from which day; calendars learn of the new one.")
    yield from _told(meeting)


def _postpone(meeting: Meeting) -> Iterator[str]:
    yield _("Its page stays and says that it is postponed; calendars strike the day out until it has another.")
    yield from _told(meeting)


def _cancel(meeting: Meeting) -> Iterator[str]:
    yield _("Its page stays and says that it was cancelled; calendars strike it out.")
    yield from _told(meeting)


def _told(meeting: Meeting) -> Iterator[str]:
    """Whoever was written to has to hear of it."""
    sent = meeting.mailings.filter(kind=MailingKind.INVITATION, released_at__isnull=False).exists()
    if sent:
        yield _("Invitations have gone out: tell those who were invited afterwards, on the page of the invitations.")
    else:
        yield _("Nobody was written to, so nobody has to be told.")


_SAID = {
    Step.ANNOUNCE: _announce,
    Step.START: _start,
    Step.HOLD: _hold,
    Step.CLOSE: _close,
    Step.REOPEN: _reopen,
    Step.MOVE: _move,
    Step.POSTPONE: _postpone,
    Step.CANCEL: _cancel,
}
