"""Digests: what is new, to each who asked for it, once.

A period is told with what happened before it began, so that one look or twenty say the same. Each subscription is one
transaction: letter, task, what was told and until when are written together or not at all, under the subscription's
lock; a worker that is killed leaves the others for the next look.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from meetings import mail
from meetings.following.happenings import Happening, Told, happenings, visible_happenings
from meetings.following.subscribing import leaving_token
from meetings.inviting.letters import secretariat
from meetings.mail import Draft
from meetings.models import Digest, DigestEntry, Frequency, MailingKind, Subscription

logger = logging.getLogger("meetings.following")

HOUR = 7
BATCH = dt.timedelta(minutes=15)
# A change is seen a little after its moment, when its transaction ends; what was told is remembered, so nothing comes twice.
LATE = dt.timedelta(hours=1)
LONGEST = dt.timedelta(days=31)


@dataclass(frozen=True)
class Period:
    """What is told together: everything until a moment, under a name."""

    frequency: Frequency
    until: dt.datetime

    @property
    def name(self) -> str:
        return f"{self.frequency.value} {self.until.astimezone(timezone.get_default_timezone()):%Y-%m-%dT%H:%M}"


def current_periods(now: dt.datetime) -> list[Period]:
    """Give the last period of each frequency that has ended: quarters of an hour, days and weeks at seven o'clock in the
    secretariat's zone, weeks on Monday.
    """
    local = now.astimezone(timezone.get_default_timezone())
    quarter = local.replace(minute=local.minute // 15 * 15, second=0, microsecond=0)
    seven = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    day = seven if seven <= local else seven - dt.timedelta(days=1)
    week = day - dt.timedelta(days=day.weekday())
    return [Period(Frequency.AT_ONCE, quarter), Period(Frequency.DAILY, day), Period(Frequency.WEEKLY, week)]


def send_digests(now: dt.datetime | None = None) -> int:
    """Write what is due and let it go; give the number of letters. To be asked every minute or so, by one or more."""
    number = 0
    for period in current_periods(now or timezone.now()):
        due = list(Subscription.objects.due(period.frequency, period.until).order_by("pk"))
        if due:
            number += _tell(period, due)
    return number


def _tell(period: Period, due: list[Subscription]) -> int:
    earliest = min(_since(subscription, period) for subscription in due)
    found = happenings(earliest, period.until)
    for_all = visible_happenings(AnonymousUser(), found)
    number = 0
    for subscription in due:
        seen = visible_happenings(subscription.user, found) if subscription.user and found else for_all
        try:
            number += _write(subscription.pk, period, found, seen)
        except DatabaseError:
            raise  # the worker knows what to do when the database is away
        except Exception:  # whatever is wrong with one, the others go on; it is tried again at the next look
            logger.exception("The digest of subscription %s could not be written.", subscription.pk)
    if number:
        logger.info("Digests written, %s: %s.", period.name, number)
    return number


def _since(subscription: Subscription, period: Period) -> dt.datetime:
    """Give from when on something is new to a subscription."""
    confirmed = subscription.confirmed_at or period.until
    looked = subscription.looked_until - LATE if subscription.looked_until else confirmed
    return max(confirmed, looked, period.until - LONGEST)


@transaction.atomic
def _write(key: int, period: Period, found: list[Happening], seen: list[Told]) -> int:
    """Tell one subscription what it has not been told, unless that was done since, and note until when; the number of
    letters, 0 or 1.
    """
    rows = Subscription.objects.due(period.frequency, period.until).select_for_update(of=("self",))
    subscription = rows.filter(pk=key).first()
    if subscription is None:
        return 0
    news = _news_for(subscription, _since(subscription, period), found, seen)
    if news:
        digest = Digest.objects.create(subscription=subscription, period=period.name)
        for told in news:
            DigestEntry.objects.create(subscription=subscription, digest=digest, what=told.what)
        digest.letter = mail.send_by_itself(
            MailingKind.DIGEST, period.name, _("Digest"), write_digest(subscription, news)
        )
        digest.save(update_fields=["letter"])
    subscription.looked_until = period.until
    subscription.save(update_fields=["looked_until"])
    return 1 if news else 0


def _news_for(subscription: Subscription, since: dt.datetime, found: list[Happening], seen: list[Told]) -> list[Told]:
    fresh = {happening.what for happening in found if happening.at >= since}
    candidates = [told for told in seen if told.what in fresh]
    if not candidates:
        return []
    known = set(subscription.told.filter(what__in=[told.what for told in candidates]).values_list("what", flat=True))
    is_followed = _followed_by(subscription)
    return [told for told in candidates if told.what not in known and is_followed(told)]


def _followed_by(subscription: Subscription) -> Callable[[Told], bool]:
    """Give the question whether a thing is about what a subscription follows. Three queries, none when it is everything."""
    if subscription.everything:
        return lambda told: True
    chosen = {
        name: set(getattr(subscription, name).order_by().values_list("pk", flat=True))
        for name in ("groups", "topics", "organisations")
    }
    return lambda told: any(keys & getattr(told, name) for name, keys in chosen.items())


def write_digest(subscription: Subscription, news: list[Told]) -> Draft:
    """Write the letter, in the language of its reader; with an address at which one click unsubscribes."""
    leave = f"{settings.SITE_URL}{reverse('meetings:unsubscribe', args=[leaving_token(subscription)])}"
    context = {
        "news": [(told, f"{settings.SITE_URL}{told.url}") for told in news],
        "subscription": subscription,
        "site": settings.SITE_URL,
        "leave": leave,
        "choices": f"{settings.SITE_URL}{reverse('my:subscriptions' if subscription.user_id else 'meetings:subscribe')}",
        "secretariat": secretariat(),
    }
    with override(subscription.language):
        number = len(news)
        subject = ngettext("B40: %(title)s", "B40: %(number)d news", number) % {
            "number": number, "title": f"{news[0].words}: {news[0].title}",
        }  # fmt: skip
        return Draft(
            address=subscription.address,
            subject=subject if len(subject) <= 250 else f"{subject[:249]}…",
            text=render_to_string("emails/digest.txt", context),
            html=render_to_string("emails/digest.html", context),
            unsubscribe_url=leave,
        )
