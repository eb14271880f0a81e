"""Agreeing to something, taking it back, and asking to be forgotten."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import CONSENT_TEXTS, Consent, ErasureRequest, MandateRole, Person, Purpose, User


@transaction.atomic
def give_consent(person: Person, purpose: Purpose) -> Consent:
    """Note that somebody agrees, in the words of today; an agreement that stands is given back as it is."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    standing = person.consents.standing().filter(purpose=purpose).first()
    return standing or Consent.objects.create(person=person, purpose=purpose, text_version=CONSENT_TEXTS[purpose])


@transaction.atomic
def withdraw_consent(person: Person, purpose: Purpose) -> None:
    """Take an agreement back; that it was given stays on record."""
    for consent in person.consents.standing().filter(purpose=purpose).select_for_update(of=("self",)):
        consent.withdrawn_at = timezone.now()
        consent.save(update_fields=["withdrawn_at"])


def refusal_to_erase(person: Person) -> str:
    """Say why somebody cannot be erased; "" when they can.

    Who holds or held a public office of the network, and mayors, are part of its public record (GDPR, Article 17(3)). An
    account of the staff is first closed by whoever keeps accounts.
    """
    if person.office_changes.exists():
        return _("%(name)s holds or held a public office of the network: that is part of the public record.") % {
            "name": person
        }
    if person.mandates.filter(role=MandateRole.MAYOR).exists():
        return _("%(name)s is or was on record as a mayor: that is part of the public record.") % {"name": person}
    if User.objects.filter(person=person, is_staff=True).exists():
        return _("%(name)s has an account of the secretariat's staff: that is closed first.") % {"name": person}
    return ""


@transaction.atomic
def ask_to_be_erased(person: Person) -> ErasureRequest:
    """Note that somebody asks to be forgotten; the secretariat decides. Asking again changes nothing."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    waiting = person.erasure_requests.waiting().first()
    return waiting or ErasureRequest.objects.create(person=person)


@transaction.atomic
def refuse_erasure(request: ErasureRequest, *, by: User, reason: str) -> None:
    """Refuse, and say why. Raises ValidationError without a reason, and when it was decided before."""
    request = ErasureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.decided_at:
        raise ValidationError(_("This request was decided before."))
    if not reason.strip():
        raise ValidationError(_("Say why: the reason is shown to whoever asked."))
    request.refusal, request.decided_at, request.decided_by = reason.strip(), timezone.now(), by
    request.save(update_fields=["refusal", "decided_at", "decided_by"])
