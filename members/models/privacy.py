"""What people agreed to, and who asked to be forgotten."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.presidencies import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models.accounts import User


class Purpose(models.TextChoices):
    PUBLIC_NAME = "public_name", _("my name is shown on the pages of my working groups")


# The wording that people agree to, by purpose; a new wording gets a new version (`templates/my/privacy.html`).
CONSENT_TEXTS = {Purpose.PUBLIC_NAME: "2026-11"}


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ConsentQuerySet":
        """Staff see all, everybody else their own."""
        if user.is_staff:
            return self
        person = user.person_id if user.is_authenticated else None
        return self.filter(person=person) if person else self.none()

    def standing(self) -> "ConsentQuerySet":
        """Keep what was not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class Consent(models.Model):
    """Somebody agreed to something, in the words of some version, until they take it back."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, verbose_name=_("person"), related_name="consents")
    purpose = models.CharField(_("to what"), max_length=20, choices=Purpose)
    text_version = models.CharField(_("version of the wording"), max_length=20)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-given_at", "-pk"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_one_a_purpose",
                violation_error_message=_("This person has agreed already."),
            ),
            models.CheckConstraint(
                name="consent_purpose_known",
                condition=Q(purpose__in=Purpose.values),
                violation_error_message=_("Choose what the consent is about."),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_it_was_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                violation_error_message=_("A consent is taken back after it was given."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_purpose_display()}"


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ErasureRequestQuerySet":
        """Staff see all, everybody else their own."""
        if user.is_staff:
            return self
        person = user.person_id if user.is_authenticated else None
        return self.filter(person=person) if person else self.none()

    def waiting(self) -> "ErasureRequestQuerySet":
        """Keep those about which nobody has decided."""
        return self.filter(decided_at__isnull=True)


class ErasureRequest(models.Model):
    """Somebody asks that what is held about them be erased; the secretariat does it, or refuses with a reason."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, verbose_name=_("person"), related_name="erasure_requests"
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("decided by"), related_name="+"
    )  # fmt: skip
    refusal = models.TextField(_("why it was refused"), blank=True, editable=False)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("request to be erased")
        verbose_name_plural = _("requests to be erased")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(decided_at__isnull=True),
                name="erasure_request_one_at_a_time",
                violation_error_message=_("This request waits already."),
            ),
            models.CheckConstraint(
                name="erasure_request_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                violation_error_message=_("A decision has a day and somebody who took it."),
            ),
            models.CheckConstraint(
                name="erasure_request_refused_by_decision",
                condition=Q(refusal="") | Q(decided_at__isnull=False),
                violation_error_message=_("A refusal is a decision: say when it was taken."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
