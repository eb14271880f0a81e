"""Circulated minutes go to those who were there or invited, by letters with personal links; corrections come back."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.inviting.addressees import Addressee, addressees_of, usable
from meetings.inviting.letters import secretariat, shortened
from meetings.inviting.links import token_of
from meetings.inviting.preparing import remember_letters
from meetings.mail import Draft, prepare
from meetings.minutes.approval import circulate, record_correction
from meetings.models import (
    AgendaItem,
    Attendance,
    Correction,
    Invitation,
    Mailing,
    MailingKind,
    Meeting,
    Minutes,
    MinutesCopy,
    MinutesReader,
)
from meetings.models.links import PersonalLinkQuerySet
from members.history import acting, lock
from members.models import Mandate, User

MOST_WAITING = 50  # corrections of one organisation without an answer


@dataclass(frozen=True)
class HandedOut:
    """Circulated minutes, and the mailing that waits for its release; None when there is nobody to write to."""

    minutes: Minutes
    mailing: Mailing | None


class CorrectionsClosed(Exception):
    """Corrections are no longer taken."""


def address_of(reader: MinutesReader, site: str) -> str:
    """Give a person's own address of the minutes' page."""
    return f"{site}{reverse('meetings:minutes', args=[token_of(reader)])}"


def readers_of(meeting: Meeting) -> PersonalLinkQuerySet[MinutesReader]:
    """Read everybody who got the minutes of a meeting, with what letters need."""
    readers = MinutesReader.objects.filter(copy__minutes__meeting=meeting).order_by("copy__organisation__key", "pk")
    return readers.select_related("copy__organisation", "mandate", "letter__mailing", "revoked_by")


def mandates_of(meeting: Meeting, day: dt.date) -> list[Mandate]:
    """Give the people, with an address that takes mail, who act on a day for an organisation that was there or invited."""
    there = Attendance.objects.filter(meeting=meeting).counted().order_by().values("organisation")
    asked = Invitation.objects.filter(meeting=meeting).order_by().values("organisation")
    held = Mandate.objects.on(day).filter(Q(organisation__in=there) | Q(organisation__in=asked))
    return usable(held.select_related("person", "organisation").order_by("organisation__key", "person__name", "pk"))


@transaction.atomic
def hand_out(meeting: Meeting, *, corrections_until: dt.date | None, by: User, site: str) -> HandedOut:
    """Circulate the minutes, and prepare letters to the contacts of organisations that were there or invited.

    Nothing is sent: the mailing waits for its release. Raises ValidationError as `circulate` does, and when letters with
    these minutes wait already.
    """
    lock(Meeting, meeting.pk)
    _refuse_waiting(meeting)
    is_again = Minutes.objects.filter(meeting=meeting, circulated_at__isnull=False).exists()
    minutes = circulate(meeting, corrections_until=corrections_until, by=by)
    mandates = mandates_of(meeting, timezone.localdate())
    with acting(user=by):
        readers = [reader for reader in (_reader(minutes, mandate) for mandate in mandates) if reader.stands]
    if not readers:
        return HandedOut(minutes, None)
    drafts = _write(minutes, readers, site=site, is_again=is_again)
    title = _subject(meeting, is_again=is_again)[:200]
    mailing = prepare(kind=MailingKind.MINUTES, title=title, drafts=drafts, by=by, meeting=meeting)
    remember_letters(mailing, readers)
    return HandedOut(minutes, mailing)


def _refuse_waiting(meeting: Meeting) -> None:
    waiting = Mailing.objects.filter(meeting=meeting, kind=MailingKind.MINUTES, released_at__isnull=True)
    if waiting.exists():
        raise ValidationError(_("Letters with these minutes wait for their release already: release or delete that mailing first."))  # fmt: skip


def _reader(minutes: Minutes, mandate: Mandate) -> MinutesReader:
    copy, _made = MinutesCopy.objects.get_or_create(minutes=minutes, organisation=mandate.organisation)
    copy.organisation = mandate.organisation
    address = mandate.email.strip()
    fields = {"mandate": mandate, "name": mandate.person.name, "address": address}
    reader, _made = MinutesReader.objects.get_or_create(copy=copy, address__iexact=address, defaults=fields)
    reader.copy = copy
    return reader


def _write(minutes: Minutes, readers: Iterable[MinutesReader], *, site: str, is_again: bool) -> list[Draft]:
    found = addressees_of(readers, lambda one: one.copy.organisation, lambda one: address_of(one, site))
    return [_letter(minutes, one, is_again=is_again) for one in found]


def _letter(minutes: Minutes, one: Addressee, *, is_again: bool) -> Draft:
    context = {
        "minutes": minutes,
        "meeting": minutes.meeting,
        "addressee": one,
        "is_again": is_again,
        "secretariat": secretariat(),
    }
    return Draft(
        address=one.address,
        name=one.name,
        organisation=one.organisation,
        mandate=one.mandate,
        subject=_subject(minutes.meeting, is_again=is_again),
        text=render_to_string("emails/minutes.txt", context),
        html=render_to_string("emails/minutes.html", context),
    )


def _subject(meeting: Meeting, *, is_again: bool) -> str:
    words = {"title": meeting.title, "days": meeting.days}
    return shortened((_("Minutes, new version: %(title)s, %(days)s") if is_again else _("Minutes: %(title)s, %(days)s")) % words)  # fmt: skip


@transaction.atomic
def correct_by_link(reader: MinutesReader, text: str, item: AgendaItem | None) -> Correction:
    """Keep what somebody asks to be put differently, by their personal link.

    Sending the same again changes nothing. Raises CorrectionsClosed when it is too late, ValidationError for no text, or
    when too much of theirs waits for an answer.
    """
    copy = reader.copy
    lock(Meeting, copy.minutes.meeting_id)
    minutes = Minutes.objects.select_related("meeting").get(pk=copy.minutes_id)
    if not minutes.takes_corrections:
        raise CorrectionsClosed
    waiting = Correction.objects.unsettled().filter(minutes=minutes, organisation=copy.organisation)
    same = waiting.filter(item=item, text=text.strip()).first()
    if same:
        return same
    if waiting.count() >= MOST_WAITING:
        raise ValidationError(_("Many corrections of yours wait for an answer: please write to the secretariat."))
    with acting(name=str(reader)[:150], reason=_("by personal link")):
        return record_correction(minutes.meeting, copy.organisation, text, item=item)
