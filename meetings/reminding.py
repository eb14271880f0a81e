"""Reminding the owners of an action before it is due: so many days before, once, by letters that leave by themselves."""

import datetime as dt
import logging
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.inviting.addressees import usable
from meetings.inviting.letters import secretariat
from meetings.mail import Draft, prepare, release
from meetings.models import ActionItem, ActionReminder, MailingKind
from members.history import acting, lock
from members.models import Mandate, MandateRole

logger = logging.getLogger("meetings.reminding")

# Who is written to; mayors and alternates are not.
ROLES = [MandateRole.LEAD, MandateRole.CONTACT, MandateRole.POLITICAL, MandateRole.TECHNICAL]


def remind(day: dt.date | None = None) -> int:
    """Remind the owners of every action whose day comes; give for how many. Nobody is reminded twice of the same.

    The days before are those of ACTION_REMINDER_DAYS; with none, nobody is reminded.
    """
    day = day or timezone.localdate()
    steps = sorted(set(settings.ACTION_REMINDER_DAYS))
    if not steps:
        return 0
    coming = ActionItem.objects.still_open().filter(due_on__gte=day, due_on__lte=day + dt.timedelta(days=steps[-1]))
    keys = list(coming.filter(owners__isnull=False).distinct().order_by("due_on", "pk").values_list("pk", flat=True))
    return sum(_remind_safely(key, day, steps) for key in keys)


def _remind_safely(key: int, day: dt.date, steps: list[int]) -> bool:
    """Whatever is wrong with one action, the others' owners are reminded, and the worker goes on."""
    try:
        return _remind(key, day, steps)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Action %s: its owners could not be reminded.", key)
        return False


@transaction.atomic
def _remind(key: int, day: dt.date, steps: list[int]) -> bool:
    """Remind the owners of one action, if it is their turn: note, letters and their tasks are written together or not
    at all. The action's lock lets two workers not do it both.
    """
    lock(ActionItem, key)
    action = ActionItem.objects.select_related("meeting", "group").filter(pk=key).first()
    step = step_of(action, day, steps) if action else None
    if action is None or action.due_on is None or step is None:
        return False
    if ActionReminder.objects.filter(action=action, due_on=action.due_on, days=step).exists():
        return False
    drafts = list(write_letters(action, day))
    if not drafts:
        return False
    with acting(name="work"):
        mailing = prepare(
            kind=MailingKind.ACTION, title=subject_of(action)[:200], drafts=drafts, by=None, meeting=action.meeting
        )
        ActionReminder.objects.create(action=action, due_on=action.due_on, days=step, mailing=mailing)
        release(mailing, by=None)
    logger.info("Action %s: its owners are reminded, %s days before.", action.pk, step)
    return True


def step_of(action: ActionItem, day: dt.date, steps: list[int]) -> int | None:
    """Give which of the steps has come for an open action, the nearest one; None for none, and for one whose day was over
    when the action was opened.
    """
    if not action.is_open or action.due_on is None:
        return None
    left = (action.due_on - day).days
    step = next((step for step in sorted(steps) if step >= left >= 0), None)
    opened_later = step is not None and action.opened_on > action.due_on - dt.timedelta(days=step)
    return None if opened_later else step


def write_letters(action: ActionItem, day: dt.date) -> Iterator[Draft]:
    """Write to those who act for the owners of an action on a day: for a group's, to those who sit in it, where there are
    any.
    """
    site = settings.SITE_URL.rstrip("/")
    context = {
        "action": action,
        "owners": ", ".join(owner.name for owner in action.owners.all()),
        "url": f"{site}{reverse('my:action', args=[action.pk])}" if site else "",
        "secretariat": secretariat(),
    }
    for mandate in addressees_of(action, day):
        letter = {**context, "name": mandate.person.name, "city": mandate.organisation.name}
        yield Draft(
            address=mandate.email, name=mandate.person.name, organisation=mandate.organisation, mandate=mandate,
            subject=subject_of(action), text=render_to_string("emails/action.txt", letter),
            html=render_to_string("emails/action.html", letter),
        )  # fmt: skip


def addressees_of(action: ActionItem, day: dt.date) -> list[Mandate]:
    """Give the mandates by which the owners of an action are written to, with an address that takes mail."""
    held = Mandate.objects.on(day).filter(organisation__in=action.owners.order_by(), role__in=ROLES)
    found = usable(held.select_related("person", "organisation").order_by("organisation__key", "pk"))
    if action.group_id is None:
        return found
    sitting = Q(group_seats__isnull=True) | Q(group_seats__group=action.group_id)
    seated = set(Mandate.objects.filter(sitting, pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    reached = {one.organisation_id for one in found if one.pk in seated}
    return [one for one in found if one.pk in seated or one.organisation_id not in reached]


def subject_of(action: ActionItem) -> str:
    """Say in the subject what is due and when."""
    due = date_format(action.due_on, "j F Y") if action.due_on else ""
    subject = _("Due on %(day)s: %(action)s") % {"day": due, "action": action.text}
    return subject if len(subject) <= 250 else f"{subject[:249]}…"
