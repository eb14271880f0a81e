"""What the system writes and releases by itself, letter by letter, gathered in one mailing a period."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from meetings.mail.delivering import enqueue
from meetings.mail.preparing import Draft, letter_from
from meetings.models import Letter, Mailing, MailingKind
from members.models import DeadAddress


@transaction.atomic
def send_by_itself(kind: MailingKind, period: str, title: str, draft: Draft) -> Letter | None:
    """Let one letter go within the mailing of its period; nobody has to release it, and staff may pause the mailing.

    One letter an address and period: None when the address has had it, or when nobody is there.
    """
    mailing, _made = Mailing.objects.get_or_create(
        kind=kind, period=period, defaults={"title": f"{title}, {period}", "released_at": timezone.now()}
    )
    key = draft.address.strip().lower()
    if DeadAddress.objects.filter(address=key).exists() or mailing.letters.filter(address=key).exists():
        return None
    letter = letter_from(draft, mailing)
    enqueue([letter])
    return letter


@transaction.atomic
def give_up_waiting(letters: Iterable[Letter], reason: str) -> None:
    """Let letters that have not left never leave, and say why."""
    keys = [letter.pk for letter in letters]
    waiting = Letter.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    for letter in waiting.filter(sent_at__isnull=True, failed_at__isnull=True):
        letter.failed_at, letter.trouble = timezone.now(), reason
        letter.save(update_fields=["failed_at", "trouble"])
