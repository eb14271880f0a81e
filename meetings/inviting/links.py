"""Personal links: signed, so that a guess costs no query, and resting on a secret of their own, so that each can be
taken back alone.
"""

from typing import TypeVar

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from meetings.models import Invitee, MinutesReader, PersonalLink, Voter
from meetings.models.links import new_key
from members.models import User

L = TypeVar("L", bound=PersonalLink)

# One kind of link never opens the page of another.
SALTS: dict[type[PersonalLink], str] = {
    Invitee: "meetings.inviting.answer",
    Voter: "meetings.polling.ballot",
    MinutesReader: "meetings.minutes.copy",
}


def _signer(model: type[PersonalLink]) -> Signer:
    return Signer(salt=SALTS[model], sep=".")


def token_of(link: PersonalLink) -> str:
    """Give what makes a person's address of the page."""
    return _signer(type(link)).sign(link.key)


def key_in(model: type[PersonalLink], token: str) -> str | None:
    """Read the secret out of a token; None for one that was not made here for this. Asks no query."""
    try:
        return _signer(model).unsign(token)
    except BadSignature:
        return None


@transaction.atomic
def revoke(link: PersonalLink, *, by: User) -> None:
    """Take a link back: it leads nowhere any more, and no letter goes to its holder."""
    link.key, link.revoked_at, link.revoked_by = new_key(), timezone.now(), by
    link.save(update_fields=["key", "revoked_at", "revoked_by"])


@transaction.atomic
def renew(link: PersonalLink) -> None:
    """Make a link anew, also one that was taken back; those given out before stay worthless."""
    link.key, link.revoked_at, link.revoked_by = new_key(), None, None
    link.save(update_fields=["key", "revoked_at", "revoked_by"])
