"""Writing letters, before anybody hears of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from meetings.models import Letter, Mailing, MailingKind, Meeting
from members.models import DeadAddress, Mandate, Organisation, User


@dataclass(frozen=True)
class Draft:
    """One letter to be: to whom, and all it says. `calendar` is an iCalendar object, `method` what it asks (RFC 5546);
    `unsubscribe_url` makes mail programs offer to unsubscribe.
    """

    address: str
    subject: str
    text: str
    name: str = ""
    html: str = ""
    organisation: Organisation | None = None
    mandate: Mandate | None = None
    calendar: str = ""
    method: str = ""
    unsubscribe_url: str = ""


@transaction.atomic
def prepare(
    *, kind: MailingKind, title: str, drafts: Iterable[Draft], by: User | None, meeting: Meeting | None = None
) -> Mailing:
    """Keep letters as a mailing that waits for its release; one letter an address, the first that names it.

    Addresses at which a server said for good that nobody is there are left out. Nothing is sent.
    """
    mailing = Mailing.objects.create(kind=kind, title=title, meeting=meeting, prepared_by=by)
    dead = set(DeadAddress.objects.values_list("address", flat=True))
    written: set[str] = set()
    for draft in drafts:
        key = draft.address.strip().lower()
        if key and key not in dead and key not in written:
            written.add(key)
            letter_from(draft, mailing)
    return mailing


def letter_from(draft: Draft, mailing: Mailing) -> Letter:
    """Keep one letter within a mailing."""
    return Letter.objects.create(mailing=mailing, **{name: getattr(draft, name) for name in draft.__dataclass_fields__})
