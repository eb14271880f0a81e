"""Preparing mailings about a meeting. Each waits for its release; nobody hears of it before."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.inviting.addressees import Addressee, Way, invited, usable
from meetings.inviting.letters import occasion, subject_of, write_letters
from meetings.inviting.links import token_of
from meetings.inviting.told import facts_of, off_of, uninformed
from meetings.mail import Draft, prepare
from meetings.models import (
    DatePrecision,
    Invitation,
    Invitee,
    Letter,
    Mailing,
    MailingKind,
    Meeting,
    PersonalLink,
)
from meetings.models.invitations import ANSWERABLE
from meetings.models.links import PersonalLinkQuerySet
from members.history import acting, lock
from members.models import Mandate, User


def address_of(invitee: Invitee, site: str) -> str:
    """Give a person's own address of the answer's page."""
    return f"{site}{reverse('meetings:answer', args=[token_of(invitee)])}"


def invitees_of(meeting: Meeting) -> PersonalLinkQuerySet[Invitee]:
    """Read everybody who was written to about a meeting, with what letters need."""
    invitees = Invitee.objects.filter(invitation__meeting=meeting).order_by("invitation__organisation__key", "pk")
    return invitees.select_related("invitation__organisation", "mandate", "letter")


def check_invitable(meeting: Meeting) -> None:
    """Raise ValidationError when nobody can be invited to a meeting, saying why."""
    if meeting.date_precision != DatePrecision.DAY:
        raise ValidationError(_("Only the month is known: set the day first, or ask for it with a date poll."))
    if meeting.status not in ANSWERABLE or meeting.is_over:
        raise ValidationError(_("It is over or does not take place: nobody can be invited any more."))


# --- Who would be written to ---


def not_yet_invited(meeting: Meeting, mandates: Iterable[Mandate]) -> list[Mandate]:
    """Keep the mandates that can be written to and were not yet; two queries. A link that was taken back stays so."""
    known = Invitee.objects.filter(invitation__meeting=meeting)
    written = known.exclude(letter__isnull=True, revoked_at__isnull=True)
    done = {(pk, address.lower()) for pk, address in written.values_list("invitation__organisation", "address")}
    return [one for one in usable(mandates) if (one.organisation_id, one.email.strip().lower()) not in done]


def preview_invitations(
    meeting: Meeting, mandates: Iterable[Mandate], *, site: str, answer_by: dt.date | None = None
) -> list[Draft]:
    """Write the letters that an invitation would be, with a word in the place of each personal link; saves nothing."""
    found: dict[str, Addressee] = {}
    for mandate in not_yet_invited(meeting, mandates):
        address = mandate.email.strip()
        one = found.setdefault(address.lower(), Addressee(address, mandate.person.name, mandate, answer_by=answer_by))
        one.ways.append(Way(mandate.organisation, f"{site}/answer/…"))
    return write_letters(occasion(MailingKind.INVITATION, meeting, site), found.values())


def without_answer(meeting: Meeting) -> list[Invitee]:
    """Give those who can still answer, whose organisation has not, and whose letter was released: a reminder never
    overtakes an invitation.
    """
    waiting = invitees_of(meeting).standing().filter(invitation__coming="", letter__mailing__released_at__isnull=False)
    return [invitee for invitee in waiting if _can_answer(invitee, meeting)]


def _can_answer(invitee: Invitee, meeting: Meeting) -> bool:
    invitee.invitation.meeting = meeting
    return invitee.invitation.is_open


def not_knowing(meeting: Meeting) -> list[Invitee]:
    """Give those whose last letter says another time or place than is planned now, or nothing of a cancellation."""
    return uninformed(invitees_of(meeting), facts_of(meeting, meeting.sessions.all()))


def preview(kind: MailingKind, meeting: Meeting, invitees: Sequence[Invitee], *, site: str) -> list[Draft]:
    """Write the letters that these would get, with their links; saves nothing."""
    addressees = invited(invitees, lambda invitee: address_of(invitee, site))
    return write_letters(occasion(kind, meeting, site), addressees)


# --- Preparing ---


@transaction.atomic
def prepare_invitations(
    meeting: Meeting, mandates: Iterable[Mandate], *, by: User, site: str, answer_by: dt.date | None = None
) -> Mailing:
    """Invite organisations by those of their contacts who are given, and prepare the letters.

    Who was written to already is left out. Raises ValidationError when that leaves nobody, or nobody can be invited.
    """
    lock(Meeting, meeting.pk)
    meeting.refresh_from_db()
    check_invitable(meeting)
    asked = not_yet_invited(meeting, mandates)
    if not asked:
        raise ValidationError(_("Nobody is left to invite: everybody chosen was written to already, or takes no mail."))
    invitations = _invitations(meeting, asked, by=by, answer_by=answer_by)
    invitees = [_invitee(invitations[mandate.organisation_id], mandate) for mandate in asked]
    return _prepare(MailingKind.INVITATION, meeting, invitees, by=by, site=site)


def _invitations(
    meeting: Meeting, mandates: Iterable[Mandate], *, by: User, answer_by: dt.date | None
) -> dict[int, Invitation]:
    """Give the invitation of each organisation, made where there is none, by the organisations' keys."""
    known = {one.organisation_id: one for one in meeting.invitations.select_related("organisation")}
    for mandate in mandates:
        if mandate.organisation_id not in known:
            known[mandate.organisation_id] = Invitation.objects.create(
                meeting=meeting, organisation=mandate.organisation, answer_by=answer_by, invited_by=by
            )
    return known


def _invitee(invitation: Invitation, mandate: Mandate) -> Invitee:
    address, fields = mandate.email.strip(), {"mandate": mandate, "name": mandate.person.name}
    invitee, _made = Invitee.objects.get_or_create(
        invitation=invitation, address__iexact=address, defaults={**fields, "address": address}
    )
    invitee.invitation = invitation
    return invitee


@transaction.atomic
def prepare_reminders(meeting: Meeting, *, by: User, site: str) -> Mailing:
    """Prepare letters to those whose organisation has not answered. Raises ValidationError when there are none, or when
    a reminder waits for its release already.
    """
    lock(Meeting, meeting.pk)
    if Mailing.objects.filter(meeting=meeting, kind=MailingKind.REMINDER, released_at__isnull=True).exists():
        raise ValidationError(_("A reminder waits for its release already: release or discard that one first."))
    return _prepare(MailingKind.REMINDER, meeting, without_answer(meeting), by=by, site=site)


@transaction.atomic
def prepare_change(meeting: Meeting, *, by: User, site: str) -> Mailing:
    """Prepare letters that tell a new time or place to everybody who was invited and does not know, also to those who
    declined. Raises ValidationError when everybody knows.
    """
    lock(Meeting, meeting.pk)
    check_invitable(meeting)
    return _prepare(MailingKind.CHANGE, meeting, not_knowing(meeting), by=by, site=site)


@transaction.atomic
def prepare_cancellation(meeting: Meeting, *, by: User, site: str) -> Mailing:
    """Prepare letters that a meeting is cancelled or postponed to everybody who was invited and does not know yet, also
    to those who declined: their calendars have it too. Raises ValidationError when it is to be, or everybody knows.
    """
    lock(Meeting, meeting.pk)
    if not off_of(meeting):
        raise ValidationError(_("The meeting is not cancelled."))
    return _prepare(MailingKind.CANCELLATION, meeting, not_knowing(meeting), by=by, site=site)


def _prepare(kind: MailingKind, meeting: Meeting, invitees: Sequence[Invitee], *, by: User, site: str) -> Mailing:
    if not invitees:
        raise ValidationError(_("There is nobody to write to."))
    drafts = preview(kind, meeting, invitees, site=site)
    mailing = prepare(kind=kind, title=subject_of(kind, meeting)[:200], drafts=drafts, by=by, meeting=meeting)
    facts = facts_of(meeting, meeting.sessions.all())

    def note(invitee: Invitee) -> None:
        invitee.told = facts
        invitee.save(update_fields=["told"])

    remember_letters(mailing, invitees, note)
    return mailing


def remember_letters(
    mailing: Mailing, links: Iterable[PersonalLink], note: Callable[..., None] = lambda link: None
) -> None:
    """Keep with each link the letter in which it went; an address that takes no mail got none."""
    letters: dict[str, Letter] = {letter.address.lower(): letter for letter in mailing.letters.all()}
    for link in links:
        letter = letters.get(link.address.lower())
        if letter:
            link.letter = letter
            link.save(update_fields=["letter"])
            note(link)


@transaction.atomic
def set_deadline(meeting: Meeting, day: dt.date | None, *, by: User) -> None:
    """Set the last day to answer for every organisation that was invited. Raises ValidationError for a day that is over
    or that lies after the meeting.
    """
    lock(Meeting, meeting.pk)
    if day and not timezone.localdate() <= day <= meeting.known_by:
        raise ValidationError(_("The last day to answer lies between today and the meeting."))
    with acting(user=by):
        for invitation in meeting.invitations.all():
            if invitation.answer_by != day:
                invitation.answer_by = day
                invitation.save()
