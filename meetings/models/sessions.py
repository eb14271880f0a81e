"""Sessions and their agenda."""

import datetime as dt
import zoneinfo
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import Meeting
from workinggroups.models import Topic, WorkingGroup

# How long before and after a session its doors stand open: check-in, and how to join.
AROUND = dt.timedelta(minutes=30)
# How long a session lasts of which only the beginning is known.
USUAL_LENGTH = dt.timedelta(hours=2)


class Session(models.Model):
    """A part of a meeting: of one or more working groups, or plenary when it names none."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="sessions")
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("Empty shows the groups' names, or “Plenary”.")
    )
    working_groups = models.ManyToManyField(
        WorkingGroup, verbose_name=_("working groups"), blank=True, related_name="sessions"
    )
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    room = models.CharField(_("room"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering: ClassVar = ["meeting", "order", "starts_at", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="session_ends_after_it_starts",
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                violation_error_message=_("A session ends after it starts; a session with an end needs a start."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title or self.label

    def clean(self) -> None:
        """A session lies within its meeting's days. Raises ValidationError with those days."""
        super().clean()
        if not (self.starts_at and self.meeting_id):
            return
        meeting = self.meeting
        day = self.starts_at.astimezone(zoneinfo.ZoneInfo(meeting.timezone)).date()
        if not meeting.start_on <= day <= meeting.known_by:
            raise ValidationError(
                {"starts_at": _("The session starts outside the meeting's days (%(days)s).") % {"days": meeting.days}}
            )

    @property
    def closes_at(self) -> dt.datetime | None:
        """When it ends, or will have by the usual length; None when no time is set."""
        return self.ends_at or (self.starts_at + USUAL_LENGTH if self.starts_at else None)

    @property
    def label(self) -> str:
        """The groups' names, or "Plenary". Asks no query where `working_groups` was prefetched."""
        return ", ".join(group.name for group in self.working_groups.all()) or str(_("Plenary"))


class AgendaItem(models.Model):
    """One point of a session's agenda, with the topics it takes up."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, verbose_name=_("session"), related_name="items")
    title = models.CharField(_("title"), max_length=200, blank=True, help_text=_("Empty shows the topics' titles."))
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="agenda_items")
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering: ClassVar = ["session", "order", "pk"]
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")

    def __str__(self) -> str:
        return self.title or self.label

    @property
    def label(self) -> str:
        """The topics' titles. Asks no query where `topics` was prefetched."""
        return "; ".join(topic.title for topic in self.topics.all()) or str(_("Agenda item"))
