"""Subscribing to the digest, confirming it, changing it and leaving. Nothing is sent to an address that did not say yes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import mail
from meetings.following.confirmation import write_confirmation
from meetings.inviting.links import signed, unsigned
from meetings.models import CONSENT_TEXT, Frequency, MailingKind, Subscription
from members.models import Organisation, User
from workinggroups.models import Topic, WorkingGroup

CONFIRM = "meetings.following.confirm"
LEAVE = "meetings.following.leave"


@dataclass(frozen=True)
class Choice:
    """What somebody wants to be told, and how often."""

    frequency: Frequency
    everything: bool = False
    groups: Iterable[WorkingGroup] = field(default_factory=tuple)
    topics: Iterable[Topic] = field(default_factory=tuple)
    organisations: Iterable[Organisation] = field(default_factory=tuple)


def confirmation_token(subscription: Subscription) -> str:
    """Give what makes the address at which a subscription is confirmed."""
    return signed(subscription.key, CONFIRM)


def leaving_token(subscription: Subscription) -> str:
    """Give what makes the address at which a subscription is ended."""
    return signed(subscription.key, LEAVE)


def subscription_to_confirm(token: str) -> Subscription | None:
    """Find the subscription that a link out of a confirmation mail belongs to; None when there is none any more."""
    key = unsigned(token, CONFIRM)
    return Subscription.objects.filter(key=key, unsubscribed_at__isnull=True).first() if key else None


def subscription_to_leave(token: str) -> Subscription | None:
    """Find the subscription that a link to unsubscribe belongs to, also when it has ended already."""
    key = unsigned(token, LEAVE)
    return Subscription.objects.filter(key=key).first() if key else None


@transaction.atomic
def ask(address: str, choice: Choice, *, language: str, site: str) -> None:
    """Keep what a visitor asks for, asleep, and write to the address to confirm it.

    The same happens whether the address is known or not, so that nothing can be learnt about it. One such mail an
    address and hour, however often somebody asks; the last choice counts.
    """
    waiting = Subscription.objects.at(address).asked().select_for_update().first()
    asked = waiting or Subscription(address=address)
    asked.language, asked.asked_at, asked.consent_text = language, timezone.now(), CONSENT_TEXT
    _choose(asked, choice)
    letter = write_confirmation(asked, token=confirmation_token(asked), site=site)
    period = f"{timezone.now():%Y-%m-%dT%H}"
    mail.send_by_itself(MailingKind.SUBSCRIPTION, period, _("Confirmations of subscriptions"), letter)


@transaction.atomic
def confirm(asked: Subscription) -> Subscription:
    """Let a subscription hold; give it. What its address had before takes over the new choice and goes on."""
    asked = Subscription.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if asked.confirmed_at:
        return asked
    held = Subscription.objects.at(asked.address).confirmed().select_for_update(of=("self",)).first()
    if held is None:
        asked.confirmed_at = timezone.now()
        asked.save(update_fields=["confirmed_at"])
        return asked
    held.consent_text, held.language = asked.consent_text, asked.language
    _choose(held, choice_of(asked))
    asked.delete()
    return held


@transaction.atomic
def leave(subscription: Subscription) -> None:
    """End a subscription; ending it again changes nothing. What waits to be sent to it is held back for good."""
    subscription = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    if subscription.holds:
        subscription.unsubscribed_at = timezone.now()
        subscription.save(update_fields=["unsubscribed_at"])
        mail.give_up_waiting(
            [digest.letter for digest in subscription.digests.select_related("letter") if digest.letter],
            _("Unsubscribed before it was sent."),
        )


def subscription_of(user: User) -> Subscription | None:
    """Give the subscription of an account that holds."""
    return Subscription.objects.visible_to(user).confirmed().filter(user=user).first()


@transaction.atomic
def choose(user: User, choice: Choice) -> Subscription:
    """Let an account follow what it chose; its address was confirmed when the account was made.

    A subscription that the address had without the account becomes the account's.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    rows = Subscription.objects.confirmed().select_for_update(of=("self",))
    subscription = rows.filter(user=user).first() or rows.at(user.email).first()
    subscription = subscription or Subscription(confirmed_at=timezone.now())
    subscription.user, subscription.address, subscription.consent_text = user, user.email, CONSENT_TEXT
    _choose(subscription, choice)
    return subscription


def choice_of(subscription: Subscription) -> Choice:
    """Give what a subscription follows."""
    return Choice(
        Frequency(subscription.frequency),
        subscription.everything,
        list(subscription.groups.all()),
        list(subscription.topics.all()),
        list(subscription.organisations.all()),
    )


def _choose(subscription: Subscription, choice: Choice) -> None:
    if subscription.frequency == Frequency.NEVER:  # what happened meanwhile was not asked for
        subscription.looked_until = timezone.now()
    subscription.frequency, subscription.everything = choice.frequency, choice.everything
    subscription.save()
    subscription.groups.set(choice.groups)
    subscription.topics.set(choice.topics)
    subscription.organisations.set(choice.organisations)
