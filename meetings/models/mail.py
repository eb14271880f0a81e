"""Mail that the secretariat sends: prepared as a whole, looked at, released, and then sent one letter a person."""

from email.utils import make_msgid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import Meeting
from members.models import Mandate, Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class MailingKind(models.TextChoices):
    INVITATION = "invitation", _("invitation")
    REMINDER = "reminder", _("reminder")
    CHANGE = "change", _("change of a meeting")
    CANCELLATION = "cancellation", _("cancellation")
    POLL = "poll", _("date poll")
    MINUTES = "minutes", _("minutes")
    OTHER = "other", _("other")


class MailingQuerySet(models.QuerySet["Mailing"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MailingQuerySet":
        """Staff alone."""
        return self if user.is_staff else self.none()


class Mailing(models.Model):
    """Letters of one occasion. Nobody hears of it until it is released; a pause holds back what has not left yet."""

    kind = models.CharField(_("kind"), max_length=12, choices=MailingKind)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("meeting"), related_name="mailings"
    )
    title = models.CharField(_("title"), max_length=200)
    prepared_at = models.DateTimeField(_("prepared"), default=timezone.now, editable=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("prepared by"), related_name="+"
    )  # fmt: skip
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("released by"), related_name="+"
    )  # fmt: skip
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True, editable=False)

    objects = MailingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mailing_kind_known",
                condition=Q(kind__in=MailingKind.values),
                violation_error_message=_("Choose what the mailing is about."),
            ),
            models.CheckConstraint(
                name="mailing_paused_after_release",
                condition=Q(paused_at__isnull=True) | Q(released_at__isnull=False),
                violation_error_message=_("Only what was released can be paused."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_going_out(self) -> bool:
        """Whether its letters may leave: released, and not paused."""
        return self.released_at is not None and self.paused_at is None


def new_message_id() -> str:
    """Give a Message-ID; it stays with its letter, so that whoever gets it twice can tell."""
    return make_msgid(domain=settings.MAIL_DOMAIN)


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: "User | AnonymousUser") -> "LetterQuerySet":
        """Staff alone."""
        return self if user.is_staff else self.none()

    def waiting(self) -> "LetterQuerySet":
        """Keep what was released, is not paused, and has neither been sent nor given up."""
        return self.filter(
            sent_at__isnull=True,
            failed_at__isnull=True,
            mailing__released_at__isnull=False,
            mailing__paused_at__isnull=True,
        )


class Letter(models.Model):
    """One mail to one person, written in full when it is prepared."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, verbose_name=_("mailing"), related_name="letters")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("organisation"), related_name="letters"
    )  # fmt: skip
    mandate = models.ForeignKey(
        Mandate, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("contact"), related_name="letters"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.EmailField(_("mail address"))
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField(_("text with markup"), blank=True)
    calendar = models.TextField(_("calendar entry"), blank=True, editable=False)
    method = models.CharField(_("what the calendar entry asks"), max_length=8, blank=True, editable=False)
    message_id = models.CharField(max_length=200, unique=True, default=new_message_id, editable=False)
    repeats = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, editable=False, verbose_name=_("sent again"), related_name="repeats_of"
    )  # fmt: skip
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now, editable=False, db_index=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True, editable=False)
    trouble = models.TextField(_("what went wrong"), blank=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["mailing", "organisation__key", "address", "pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailing", "address"],
                condition=Q(repeats__isnull=True),
                name="letter_once_a_mailing_and_address",
                violation_error_message=_("This mailing writes to this address already."),
            ),
            models.CheckConstraint(
                name="letter_sent_or_given_up",
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
                violation_error_message=_("A letter was either sent or given up."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.address}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.address = self.address.strip()
        super().save(*args, **kwargs)
