"""What a person does with a mailing: release, pause, resume, send again. Letters and tasks are written together."""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.mail.delivering import enqueue
from meetings.models import Letter, Mailing
from members.models import DeadAddress, User

logger = logging.getLogger("meetings.mail")


@transaction.atomic
def release(mailing: Mailing, *, by: User | None) -> Mailing:
    """Let the letters of a mailing go. Raises ValidationError when that was done before, or nobody is written to."""
    mailing = _locked(mailing)
    if mailing.released_at:
        raise ValidationError(_("This mailing was released before: nobody is written to twice."))
    if not mailing.letters.exists():
        raise ValidationError(_("This mailing has no letters: there is nobody to write to."))
    mailing.released_at, mailing.released_by = timezone.now(), by
    mailing.save(update_fields=["released_at", "released_by"])
    enqueue(mailing.letters.waiting())
    return _told(mailing, "released", by)


@transaction.atomic
def pause(mailing: Mailing, *, by: User | None) -> Mailing:
    """Hold back what has not left yet. Raises ValidationError when nothing is going out."""
    mailing = _locked(mailing)
    if not mailing.is_going_out:
        raise ValidationError(_("This mailing is not going out: there is nothing to pause."))
    mailing.paused_at, mailing.paused_by = timezone.now(), by
    mailing.save(update_fields=["paused_at", "paused_by"])
    return _told(mailing, "paused", by)


@transaction.atomic
def resume(mailing: Mailing, *, by: User | None) -> Mailing:
    """Let go what a pause held back. Raises ValidationError when there is no pause."""
    mailing = _locked(mailing)
    if not mailing.paused_at:
        raise ValidationError(_("This mailing is not paused."))
    mailing.paused_at = mailing.paused_by = None
    mailing.save(update_fields=["paused_at", "paused_by"])
    enqueue(mailing.letters.waiting())
    return _told(mailing, "resumed", by)


@transaction.atomic
def send_again(letter: Letter, *, by: User | None) -> Letter:
    """Send a letter once more, to the contact's address as it stands today; gives the new letter.

    Raises ValidationError while the last one is on its way, before the release, in a pause, and when nobody is at that
    address.
    """
    mailing = _locked(letter.mailing)
    first = letter.repeats_id or letter.pk
    newest = mailing.letters.newest().select_related("mandate").get(Q(pk=first) | Q(repeats=first))
    refusal = _refusal_to_repeat(mailing, newest)
    if refusal:
        raise ValidationError(refusal)
    again = _repeat(newest, by=by)
    enqueue([again])
    logger.info("Letter %s: sent again as %s, by %s.", newest.pk, again.pk, by)
    return again


@transaction.atomic
def send_failed_again(mailing: Mailing, *, by: User | None) -> list[Letter]:
    """Send again what was given up, but not to addresses at which nobody is; gives the new letters.

    Raises ValidationError when there is none, and in a pause.
    """
    mailing = _locked(mailing)
    if mailing.paused_at:
        raise ValidationError(_("This mailing is paused: resume it first."))
    failed = repeatable(mailing)
    if not failed:
        raise ValidationError(_("No letter of this mailing failed that could be sent again."))
    again = [_repeat(letter, by=by) for letter in failed]
    enqueue(again)
    _told(mailing, f"sent again to {len(again)}", by)
    return again


def repeatable(mailing: Mailing) -> list[Letter]:
    """Give the failed letters of a mailing for whose contacts there is an address that may work."""
    dead = set(DeadAddress.objects.values_list("address", flat=True))
    failed = mailing.letters.failed().exclude(text="").select_related("mandate")
    return [letter for letter in failed if letter.address_now.lower() not in dead]


def _refusal_to_repeat(mailing: Mailing, newest: Letter) -> str:
    if not mailing.released_at:
        return _("This mailing was not released yet: release it instead.")
    if mailing.paused_at:
        return _("This mailing is paused: resume it first.")
    if not newest.is_settled:
        return _("The letter to %(address)s is still on its way.") % {"address": newest.address}
    if not newest.text:
        return _("The text of this letter is no longer kept: write a new one.")
    dead = DeadAddress.objects.filter(address=newest.address_now.lower()).first()
    if dead:
        return _("Nobody is at %(address)s: correct the contact's address, or delete the mark if it works again.") % {
            "address": dead.address
        }
    return ""


def _repeat(letter: Letter, *, by: User | None) -> Letter:
    """Write a letter anew. Its Message-ID is a new one: mailboxes drop what they have had before."""
    fields = (
        "mailing", "organisation", "mandate", "name", "subject", "text", "html", "calendar", "method", "unsubscribe_url",
    )  # fmt: skip
    return Letter.objects.create(
        **{name: getattr(letter, name) for name in fields},
        address=letter.address_now,
        repeats_id=letter.repeats_id or letter.pk,
        repeated_at=timezone.now(),
        repeated_by=by,
    )


def _locked(mailing: Mailing) -> Mailing:
    """Read a mailing that nobody else can change until the transaction ends."""
    return Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)


def _told(mailing: Mailing, what: str, by: User | None) -> Mailing:
    logger.info("Mailing %s (%s): %s, by %s.", mailing.pk, mailing.title, what, by)
    return mailing
