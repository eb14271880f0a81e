"""Who follows the network: by a calendar of their own, and by a digest in the mail."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.links import new_key
from meetings.models.mail import Letter
from members.models import Organisation
from workinggroups.models import Topic, WorkingGroup

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

# What whoever subscribes agrees to; a new wording gets a new version (`templates/meetings/consent.html`).
CONSENT_TEXT = "2026-11"


class CalendarLinkQuerySet(models.QuerySet["CalendarLink"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CalendarLinkQuerySet":
        """Everybody's own alone, the staff's too: whoever knows a link reads the calendar."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def standing(self) -> "CalendarLinkQuerySet":
        """Keep those that still open a calendar: not switched off, of accounts that are not closed."""
        return self.filter(revoked_at__isnull=True, user__is_active=True)


class CalendarLink(models.Model):
    """A secret address at which calendar programs read what concerns one account. Its rights are asked at each fetch."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("account"), related_name="calendar_links"
    )
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("switched off"), null=True, editable=False)
    last_used_on = models.DateField(_("last read on"), null=True, editable=False)

    objects = CalendarLinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at__isnull=True),
                name="calendar_link_one_an_account",
                violation_error_message=_("This account has a calendar link already."),
            ),
            models.CheckConstraint(
                name="calendar_link_switched_off_after_it_was_made",
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
                violation_error_message=_("A link is switched off after it was made."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.created_at:%Y-%m-%d}"


class Frequency(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")
    NEVER = "never", _("never")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SubscriptionQuerySet":
        """Staff see all, an account its own; whoever got a link sees theirs by it."""
        if user.is_staff:
            return self
        return self.filter(user=user) if user.is_authenticated else self.none()

    def confirmed(self) -> "SubscriptionQuerySet":
        """Keep those that hold: confirmed, and not ended."""
        return self.filter(confirmed_at__isnull=False, unsubscribed_at__isnull=True)

    def asked(self) -> "SubscriptionQuerySet":
        """Keep those that wait for the confirmation by mail."""
        return self.filter(confirmed_at__isnull=True)

    def at(self, address: str) -> "SubscriptionQuerySet":
        """Keep those of a mail address, however its letters are written."""
        return self.filter(address=address.strip().lower())

    def due(self, frequency: Frequency, until: dt.datetime) -> "SubscriptionQuerySet":
        """Keep those that hold and have not been told what happened until a moment."""
        behind = Q(looked_until__isnull=True) | Q(looked_until__lt=until)
        known = self.confirmed().filter(behind, frequency=frequency, confirmed_at__lt=until)
        return known.filter(Q(user__isnull=True) | Q(user__is_active=True))


class Subscription(models.Model):
    """Somebody wants to be written to about what is new: of all, or of some groups, topics and cities.

    Asked for at the public page it sleeps until its address confirms it. It says itself when it was asked for, confirmed
    and ended; there is no history beside it, so that an address that leaves is gone.
    """

    address = models.EmailField(_("mail address"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("account"), related_name="subscriptions",
        help_text=_("Whose rights decide what the digest tells; without one, what is public."),
    )  # fmt: skip
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency, default=Frequency.WEEKLY)
    everything = models.BooleanField(_("everything"), default=False)
    groups = models.ManyToManyField(WorkingGroup, verbose_name=_("working groups"), blank=True, related_name="+")
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="+")
    organisations = models.ManyToManyField(Organisation, verbose_name=_("cities"), blank=True, related_name="+")
    language = models.CharField(_("language"), max_length=8, default=settings.LANGUAGE_CODE, choices=settings.LANGUAGES)
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    consent_text = models.CharField(_("version of the consent"), max_length=20, default=CONSENT_TEXT, editable=False)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    unsubscribed_at = models.DateTimeField(_("ended"), null=True, editable=False)
    looked_until = models.DateTimeField(_("told until"), null=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["address", "pk"]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("address"),
                condition=Q(confirmed_at__isnull=False, unsubscribed_at__isnull=True),
                name="subscription_one_an_address",
                violation_error_message=_("This address has a subscription already."),
            ),
            models.UniqueConstraint(
                Lower("address"),
                condition=Q(confirmed_at__isnull=True),
                name="subscription_asked_once_an_address",
                violation_error_message=_("This address has been asked to confirm already."),
            ),
            models.CheckConstraint(
                name="subscription_frequency_known",
                condition=Q(frequency__in=Frequency.values),
                violation_error_message=_("Choose at once, once a day, once a week, or never."),
            ),
            models.CheckConstraint(
                name="subscription_ended_after_it_held",
                condition=Q(unsubscribed_at__isnull=True) | Q(confirmed_at__isnull=False),
                violation_error_message=_("Only what was confirmed can end."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.address}: {self.get_frequency_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.address = self.address.strip().lower()
        super().save(*args, **kwargs)

    @property
    def holds(self) -> bool:
        """Whether digests go to it: confirmed, and not ended."""
        return self.confirmed_at is not None and self.unsubscribed_at is None


class Digest(models.Model):
    """One letter of news to one subscription, for one period; a period is told once."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, verbose_name=_("subscription"), related_name="digests"
    )
    period = models.CharField(_("period"), max_length=40)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, verbose_name=_("letter"), related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription", "period"],
                name="digest_once_a_period",
                violation_error_message=_("This period has been told already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription}, {self.period}"


class DigestEntry(models.Model):
    """One thing that a subscription has been told, and will not be told again."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, verbose_name=_("subscription"), related_name="told"
    )
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, verbose_name=_("digest"), related_name="entries")
    what = models.CharField(_("what"), max_length=60)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("thing told")
        verbose_name_plural = _("things told")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription", "what"],
                name="digest_entry_told_once",
                violation_error_message=_("This has been told already."),
            )
        ]

    def __str__(self) -> str:
        return self.what
