"""What waits for somebody: answers, minutes to check, and what their organisations are to do."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.models import ActionItem, Invitation, Minutes
from members.models import User
from members.rights import organisations_of

SOON = dt.timedelta(days=30)
MOST_OF_A_KIND = 20


@dataclass(frozen=True)
class Task:
    """One thing that waits: what, where it is done, by when (None: no day is set), for whom."""

    kind: str
    title: str
    url: str
    due_on: dt.date | None
    is_late: bool = False
    about: str = ""


def tasks_of(user: User, today: dt.date) -> list[Task]:
    """Give what waits for somebody, the most urgent first; four queries, whatever the number."""
    tasks = [*_answers(user, today), *_minutes(user, today), *_actions(user, today)]
    return sorted(tasks, key=lambda task: (task.due_on or dt.date.max, task.kind, task.title))


def _answers(user: User, today: dt.date) -> Iterator[Task]:
    rows = Invitation.objects.visible_to_delegate(user).to_answer(today).select_related("meeting", "organisation")
    for one in [row for row in rows[:MOST_OF_A_KIND] if row.is_open]:
        url = reverse("my:answer_for", args=[one.meeting.slug, one.organisation.slug])
        last = one.answer_by or one.meeting.known_by
        yield Task(_("Answer"), one.meeting.title, url, last, about=f"{one.organisation.name} · {one.meeting.days}")


def _minutes(user: User, today: dt.date) -> Iterator[Task]:
    rows = Minutes.objects.to_check_by(user).still_asked(today).select_related("meeting")
    for one in rows[:MOST_OF_A_KIND]:
        url = reverse("my:minutes", args=[one.meeting.slug])
        yield Task(_("Check the minutes"), one.meeting.title, url, one.corrections_until, about=one.meeting.days)


def _actions(user: User, today: dt.date) -> Iterator[Task]:
    own = ActionItem.objects.visible_to(user).of_organisations(organisations_of(user)).due_by(today + SOON)
    for one in own.select_related("meeting").prefetch_related("owners")[:MOST_OF_A_KIND]:
        owners = ", ".join(owner.name for owner in one.owners.all())
        url = one.meeting.get_absolute_url()
        yield Task(_("To do"), one.text, url, one.due_on, is_late=one.is_overdue(today), about=owners)
