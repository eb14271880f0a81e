"""Accounts, and how somebody comes to one: by an invitation alone."""

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.presidencies import Person
from members.rights import led_by

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models.mandates import MandateQuerySet

# How long an invitation to an account can be taken up.
INVITATION_HOLDS = dt.timedelta(days=14)


class User(AbstractUser):
    """An account: of the secretariat's staff, or of a person whose mandates say for whom they speak.

    What a delegate may do hangs on the mandates that hold on the day, never on the account.
    """

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("person"), related_name="account",
        help_text=_("Whose mandates this account acts by. Empty for staff who speak for no city."),
    )  # fmt: skip

    def mandates(self, day: dt.date | None = None) -> "MandateQuerySet":
        """Give the mandates by which this account acts on a day, today unless given; none once the account is closed."""
        from members.models.mandates import Mandate  # mandates need accounts first

        if not (self.person_id and self.is_active):
            return Mandate.objects.none()
        return Mandate.objects.filter(person=self.person_id).on(day or timezone.localdate())


class AccountInvitationQuerySet(models.QuerySet["AccountInvitation"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AccountInvitationQuerySet":
        """Staff see all; a lead delegate those to colleagues of the organisations that they lead."""
        return self if user.is_staff else self.filter(mandate__organisation__in=led_by(user))

    def standing(self, moment: dt.datetime | None = None) -> "AccountInvitationQuerySet":
        """Keep those that can still be taken up: neither used nor taken back, and not too old."""
        fresh = Q(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=moment or timezone.now())
        return self.filter(fresh)


def invitation_expiry() -> dt.datetime:
    """Give the moment until which an invitation made now holds."""
    return timezone.now() + INVITATION_HOLDS


class AccountInvitation(models.Model):
    """Somebody with a mandate is asked to make an account. The link in the mail opens once, and not for long."""

    mandate = models.ForeignKey(
        "members.Mandate", on_delete=models.CASCADE, verbose_name=_("contact or delegate"), related_name="account_invitations"
    )  # fmt: skip
    address = models.EmailField(_("mail address"))
    key = models.CharField(max_length=32, unique=True, editable=False)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, verbose_name=_("invited by"), related_name="+"
    )  # fmt: skip
    expires_at = models.DateTimeField(_("holds until"), default=invitation_expiry, editable=False)
    used_at = models.DateTimeField(_("taken up"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = AccountInvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-invited_at", "-pk"]
        verbose_name = _("invitation to an account")
        verbose_name_plural = _("invitations to accounts")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="account_invitation_ends_after_it_begins",
                condition=Q(expires_at__gt=F("invited_at")),
                violation_error_message=_("An invitation ends after it was made."),
            ),
            models.CheckConstraint(
                name="account_invitation_used_or_taken_back",
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
                violation_error_message=_("This invitation was taken up already, so it cannot be taken back."),
            ),
            models.UniqueConstraint(
                fields=["mandate"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="account_invitation_one_a_mandate",
                violation_error_message=_("An invitation to this person waits already: take it back first, or wait."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mandate}: {self.address}"

    @property
    def stands(self) -> bool:
        """Whether it can be taken up now."""
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()


class Viewing(models.Model):
    """A member of staff looks at the site with the eyes of somebody else: of a person with mandates, else of the public."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, verbose_name=_("who looked"), related_name="+"
    )  # fmt: skip
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("as whom"), related_name="+",
        help_text=_("Empty: as the public."),
    )  # fmt: skip
    started_at = models.DateTimeField(_("from"), default=timezone.now, editable=False)
    stopped_at = models.DateTimeField(_("until"), null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("viewing as somebody")
        verbose_name_plural = _("viewings as somebody")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="viewing_stops_after_it_starts",
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
                violation_error_message=_("A viewing stops after it was started."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.person or _('the public')}"
