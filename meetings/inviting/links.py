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


def token_of(link: PersonalLink) -> str:
    """Give what makes a person's address of the page."""
    return signed(link.key, SALTS[type(link)])


def key_in(model: type[PersonalLink], token: str) -> str | None:
    """Read the secret out of a token; None for one that was not made here for this. Asks no query."""
    return unsigned(token, SALTS[model])


def signed(key: str, purpose: str) -> str:
    """Give a secret with this site's signature, which opens pages of one purpose alone."""
    return Signer(salt=purpose, sep=".").sign(key)


def unsigned(token: str, purpose: str) -> str | None:
    """Read a secret that was signed for a purpose; None for what was not signed here for that."""
    try:
        return Signer(salt=purpose, sep=".").unsign(token)
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
