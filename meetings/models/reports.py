"""Participant reports of calls, as they were uploaded, and what people decided about those whom they name."""

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from meetings.models.attendance import Channel
from meetings.models.meetings import Meeting, validate_timezone
from meetings.models.sessions import Session
from members.models import Organisation
from members.names import search_text

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

REPORTING = (Channel.ZOOM, Channel.TEAMS)


class ParticipantReportQuerySet(models.QuerySet["ParticipantReport"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ParticipantReportQuerySet":
        """Staff alone: a report names people and their mail addresses."""
        return self if user.is_staff else self.none()

    def without_file(self) -> "ParticipantReportQuerySet":
        """Leave the file itself in the database: lists do not need it."""
        return self.defer("raw", "outcome")


class ParticipantReport(models.Model):
    """A file that Zoom or Teams gave for a meeting or a session. What it wrote stands in the history, under its batch."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="reports")
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("session"), related_name="reports",
        help_text=_("Empty when the call was the whole meeting."),
    )  # fmt: skip
    channel = models.CharField(_("program"), max_length=12, choices=[(each.value, each.label) for each in REPORTING])
    timezone = models.CharField(
        _("time zone"),
        max_length=40,
        validators=[validate_timezone],
        help_text=_("The zone that its times are written in."),
    )
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    raw = models.BinaryField(_("the file itself"), editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), default=now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("uploaded by"), related_name="+"
    )  # fmt: skip
    batch = models.UUIDField(null=True, unique=True, editable=False)
    applied_at = models.DateTimeField(_("recorded"), null=True, editable=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("recorded by"), related_name="+"
    )  # fmt: skip
    undone_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    outcome = models.JSONField(_("what was written"), default=dict, editable=False)

    objects = ParticipantReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("participant report")
        verbose_name_plural = _("participant reports")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "sha256"],
                condition=Q(session__isnull=True),
                name="report_once_a_meeting",
                violation_error_message=_("This very file was uploaded for this meeting already."),
            ),
            models.UniqueConstraint(
                fields=["session", "sha256"],
                condition=Q(session__isnull=False),
                name="report_once_a_session",
                violation_error_message=_("This very file was uploaded for this session already."),
            ),
            models.CheckConstraint(
                name="report_of_zoom_or_teams",
                condition=Q(channel__in=[each.value for each in REPORTING]),
                violation_error_message=_("Choose Zoom or Teams."),
            ),
            models.CheckConstraint(
                name="report_recorded_by_somebody",
                condition=Q(batch__isnull=True, applied_at__isnull=True, applied_by__isnull=True)
                | Q(batch__isnull=False, applied_at__isnull=False, applied_by__isnull=False),
                violation_error_message=_("What was recorded has a day and somebody who recorded it."),
            ),
            models.CheckConstraint(
                name="report_taken_back_after_recording",
                condition=Q(undone_at__isnull=True) | Q(batch__isnull=False),
                violation_error_message=_("Only what was recorded can be taken back."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if "raw" not in self.get_deferred_fields():
            self.sha256 = self.digest_of_file()
        super().save(*args, **kwargs)

    def digest_of_file(self) -> str:
        """Tell this file from every other."""
        return hashlib.sha256(bytes(self.raw)).hexdigest()

    @property
    def is_recorded(self) -> bool:
        """Whether what it tells stands in the ledger: recorded, and not taken back."""
        return self.batch is not None and self.undone_at is None


class RememberedMatchQuerySet(models.QuerySet["RememberedMatch"]):
    def visible_to(self, user: "User | AnonymousUser") -> "RememberedMatchQuerySet":
        """Staff alone."""
        return self if user.is_staff else self.none()


class RememberedMatch(models.Model):
    """Somebody decided once of which organisation a person in a report is, or that it is of none. Asked first, the next time."""

    name = models.CharField(_("name in the report"), max_length=200, blank=True)
    key = models.CharField(max_length=200, editable=False, db_index=True)
    email = models.EmailField(_("mail address"), blank=True, db_index=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("organisation"), related_name="remembered_matches",
        help_text=_("Empty for guests and others who are of no organisation on record."),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided"), default=now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("decided by"), related_name="+"
    )  # fmt: skip

    objects = RememberedMatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["key", "email", "pk"]
        verbose_name = _("remembered participant")
        verbose_name_plural = _("remembered participants")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "email"],
                name="match_once_a_name_and_address",
                violation_error_message=_("There is a decision about this name and address already: change that one."),
            ),
            models.CheckConstraint(
                name="match_of_somebody",
                condition=~Q(key="", email=""),
                violation_error_message=_("Give a name, a mail address, or both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.email} → {self.organisation or _('nobody')}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive_key()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Derive what it is found by, before the rules are asked."""
        super().clean()
        self.derive_key()

    def derive_key(self) -> None:
        """Fold the name; addresses know no upper case."""
        self.name = self.name.strip()
        self.key, self.email = key_of(self.name), self.email.strip().lower()


def key_of(name: str) -> str:
    """Give what a person's name is compared by: letters without case, accents or script."""
    return (search_text(name) or name.casefold().strip())[:200]
