"""How to join a meeting: the link, the number, the way to the room. For those invited, and only when the time is near."""

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.invitations import Invitation
from meetings.models.meetings import STANDS, DatePrecision, Meeting
from meetings.models.sessions import AROUND, Session

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

A_DAY = 24
LONGEST_LEAD = 31 * A_DAY


class JoiningQuerySet(models.QuerySet["JoiningInstructions"]):
    def visible_to(self, user: "User | AnonymousUser", now: dt.datetime | None = None) -> "JoiningQuerySet":
        """Staff see all; whoever speaks for an invited organisation those whose time has come; nobody else any.

        Asks a query by itself: the hours are the meeting's own, which no database here can tell.
        """
        if user.is_staff:
            return self
        moment = now or timezone.now()
        return self.filter(pk__in=[row.pk for row in self.for_invited(user).with_times() if row.is_shown_at(moment)])

    def for_invited(self, user: "User | AnonymousUser") -> "JoiningQuerySet":
        """Keep those of meetings that are to be and to which an organisation of somebody's is invited, at any hour."""
        if not user.is_authenticated:
            return self.none()
        invited = Invitation.objects.visible_to_delegate(user).order_by()
        return self.filter(meeting__in=invited.values("meeting"), meeting__status__in=STANDS)

    def with_times(self) -> "JoiningQuerySet":
        """Fetch what says when they are shown; one query more."""
        return self.select_related("meeting", "session").prefetch_related("meeting__sessions")


class JoiningInstructions(models.Model):
    """How to join a meeting, or one session of it. Private: a link that is known to all lets all in.

    Never part of letters, calendars, feeds, the search or the record of a meeting.
    """

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="joining_instructions"
    )
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("session"), related_name="joining_instructions",
        help_text=_("Empty when it holds for the whole meeting."),
    )  # fmt: skip
    video_url = models.URLField(_("video link"), max_length=600, blank=True)
    dial_in = models.TextField(
        _("dial-in"), blank=True, max_length=1000, help_text=_("Numbers by country, meeting number, code.")
    )
    directions = models.TextField(
        _("the way to the room"), blank=True, max_length=2000, help_text=_("Entrance, floor, whom to ask for, access without steps.")
    )  # fmt: skip
    note = models.TextField(
        _("further notes"), blank=True, max_length=2000, help_text=_("Interpretation, a test call, whom to ring.")
    )
    lead_hours = models.PositiveSmallIntegerField(
        _("shown so many hours before"), default=A_DAY, help_text=_("Before the beginning; it stays until half an hour after the end.")
    )  # fmt: skip

    objects = JoiningQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["meeting", "session__order", "session__starts_at", "pk"]
        verbose_name = _("joining instructions")
        verbose_name_plural = _("joining instructions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(session__isnull=True),
                name="joining_instructions_once_a_meeting",
                violation_error_message=_("This meeting has joining instructions already: change those."),
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(session__isnull=False),
                name="joining_instructions_once_a_session",
                violation_error_message=_("This session has joining instructions already: change those."),
            ),
            models.CheckConstraint(
                name="joining_instructions_say_something",
                condition=~Q(video_url="", dial_in="", directions="", note=""),
                violation_error_message=_("Give at least one of video link, dial-in, the way to the room, further notes."),
            ),
            models.CheckConstraint(
                name="joining_instructions_lead_at_most_a_month",
                condition=Q(lead_hours__lte=LONGEST_LEAD),
                violation_error_message=_("They are shown at most 744 hours, a month, before the beginning."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.meeting}: {self.session}" if self.session else str(self.meeting)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """They speak of a session of the meeting itself. Raises ValidationError if it is another's."""
        super().clean()
        if self.session and self.meeting_id and self.session.meeting_id != self.meeting_id:
            raise ValidationError({"session": _("This session belongs to another meeting.")})

    @property
    def opens_at(self) -> dt.datetime | None:
        """From when they are shown; None while only the month of the meeting is known."""
        if self.meeting.date_precision != DatePrecision.DAY:
            return None
        return self._span[0] - dt.timedelta(hours=self.lead_hours)

    @property
    def closes_at(self) -> dt.datetime:
        """Until when they are shown: calls overrun, so half an hour longer than planned, as long as check-in is open."""
        return self._span[1] + AROUND

    def is_shown_at(self, moment: dt.datetime) -> bool:
        """Whether those invited see them at a moment."""
        stands = self.meeting.status in STANDS and self.opens_at is not None
        return stands and self.opens_at <= moment <= self.closes_at  # type: ignore[operator]  # just asked

    @property
    def _span(self) -> tuple[dt.datetime, dt.datetime]:
        """Beginning and end of what they are for: the sessions' times where these are set, else whole days."""
        about = [self.session] if self.session else list(self.meeting.sessions.all())
        zone = zoneinfo.ZoneInfo(self.meeting.timezone)
        times = [(each.starts_at, each.closes_at) for each in about if each.starts_at and each.closes_at]
        begins = min((start for start, _end in times), default=None)
        ends = max((end for _start, end in times), default=None)
        if self.session and begins and ends:
            return begins, ends
        first, last = self.meeting.start_on, self.meeting.known_by
        if begins is None or begins.astimezone(zone).date() > first:
            begins = dt.datetime.combine(first, dt.time(), zone)
        if ends is None or ends.astimezone(zone).date() < last:
            ends = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
        return begins, ends
