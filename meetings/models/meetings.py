"""Meetings of the network: summits, working group rounds, board meetings, visits, ceremonies, workshops."""

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.dates import days_label
from members.models import Country, Fact, Organisation, Presidency
from members.names import search_text
from members.rights import organisations_of
from members.words import with_every_word
from workinggroups.rights import coordinated_by, groups_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User
    from workinggroups.models import WorkingGroup


class MeetingKind(models.TextChoices):
    SUMMIT = "summit", _("summit")
    WORKING_GROUPS = "working_groups", _("working group meeting")
    BOARD = "board", _("Executive Board")
    VISIT = "visit", _("working visit")
    CEREMONY = "ceremony", _("signing ceremony")
    WORKSHOP = "workshop", _("workshop")
    REGIONAL = "regional", _("regional meeting")
    PREPARATORY = "preparatory", _("preparatory meeting")
    PARTNER_EVENT = "partner_event", _("partner event")
    MEETING = "meeting", _("meeting")


class Mode(models.TextChoices):
    ONLINE = "online", _("online")
    IN_PERSON = "in_person", _("in person")
    HYBRID = "hybrid", _("hybrid")


class MeetingStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    ANNOUNCED = "announced", _("announced")
    UNDER_WAY = "under_way", _("under way")
    HELD = "held", _("held")
    CLOSED = "closed", _("closed")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")


# It took place; once closed its record is frozen too.
TOOK_PLACE = (MeetingStatus.HELD, MeetingStatus.CLOSED)
# Its day stands, and has not passed.
STANDS = (MeetingStatus.ANNOUNCED, MeetingStatus.UNDER_WAY)


# Addresses beside the meetings' own: `/meetings/next/` and `/meetings/calendar.ics`.
RESERVED_SLUGS = ("calendar", "next")

# Every member city is called to these; a working visit or a board meeting is for a few.
FOR_ALL = (MeetingKind.SUMMIT, MeetingKind.WORKING_GROUPS)


class DatePrecision(models.TextChoices):
    DAY = "day", _("the day")
    MONTH = "month", _("only the month")


def validate_timezone(value: str) -> None:
    """Refuse what is no IANA time zone."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(value)s” is no IANA time zone; write one such as Europe/Sofia."), params={"value": value}
        )


def _prepared_by(user: "User") -> Q:
    """The condition on meetings that somebody prepares for a city or a group, today."""
    from meetings.models.sessions import Session  # sessions need meetings first

    cities = organisations_of(user)
    summits = Q(host_city__in=cities) | Q(summit_of__city__in=cities)
    led = Session.working_groups.through.objects.filter(workinggroup__in=coordinated_by(user)).order_by()
    return Q(summits, kind=MeetingKind.SUMMIT) | Q(pk__in=led.values("session__meeting"))


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MeetingQuerySet":
        """Staff see every meeting, everybody else all but drafts.

        A draft is also seen by those who prepare it: the city that hosts the summit or takes over the presidency there,
        and whoever coordinates a group that has a session in it.
        """
        if user.is_staff:
            return self
        announced = ~Q(status=MeetingStatus.DRAFT)
        return self.filter(announced | _prepared_by(user)) if user.is_authenticated else self.filter(announced)

    def upcoming(self, day: dt.date) -> "MeetingQuerySet":
        """Keep announced meetings that are not over by a day, the next first."""
        return self.filter(status__in=STANDS, last_day__gte=day).order_by("start_on", "pk")

    def that_took_place(self) -> "MeetingQuerySet":
        """Keep the meetings that were held, closed or not."""
        return self.filter(status__in=TOOK_PLACE)

    def during(self, presidency: Presidency) -> "MeetingQuerySet":
        """Keep the summit that a presidency hosts and every other meeting of its term."""
        following = Presidency.objects.filter(started_on__gt=presidency.started_on).order_by("started_on").first()
        term = Q(summit_of__isnull=True, start_on__gte=presidency.started_on)
        if following:
            term &= Q(start_on__lt=following.started_on)
        return self.filter(Q(summit_of=presidency) | term)

    def with_presidency(self) -> "MeetingQuerySet":
        """Annotate `presidency_pk`: the presidency whose summit it is, else the one in office on its first day."""
        in_office = Presidency.objects.filter(started_on__lte=OuterRef("start_on")).order_by("-started_on")
        return self.annotate(presidency_pk=Coalesce("summit_of", Subquery(in_office.values("pk")[:1])))

    def of_group(self, group: "WorkingGroup") -> "MeetingQuerySet":
        """Keep the meetings with a session of a working group."""
        from meetings.models.sessions import Session  # sessions need meetings first

        return self.filter(pk__in=Session.objects.filter(working_groups=group).values("meeting"))

    def concerning(self, user: "User | AnonymousUser") -> "MeetingQuerySet":
        """Keep those of the groups in which somebody sits, and those to which an organisation of theirs is invited."""
        from meetings.models.invitations import Invitation  # invitations and sessions need meetings first
        from meetings.models.sessions import Session

        of_groups = Session.working_groups.through.objects.filter(workinggroup__in=groups_of(user)).order_by()
        invited = Invitation.objects.visible_to_delegate(user).order_by()
        return self.filter(Q(pk__in=of_groups.values("session__meeting")) | Q(pk__in=invited.values("meeting")))

    def attended_by(self, organisation: Organisation) -> "MeetingQuerySet":
        """Keep the meetings that an organisation attended, by the ledger's one rule."""
        from meetings.models.attendance import Attendance  # the ledger needs meetings first

        return self.filter(pk__in=Attendance.objects.counted().filter(organisation=organisation).values("meeting"))

    def with_counts(self) -> "MeetingQuerySet":
        """Annotate `city_count` and `country_count`: the cities that attended and their countries, by the ledger's one rule."""
        from meetings.models.attendance import Attendance  # the ledger needs meetings first

        cities = Attendance.objects.counted().of_cities().filter(meeting=OuterRef("pk")).order_by().values("meeting")
        return self.annotate(
            city_count=Coalesce(Subquery(cities.annotate(n=Count("organisation", distinct=True)).values("n")), 0),
            country_count=Coalesce(
                Subquery(cities.annotate(n=Count("organisation__country", distinct=True)).values("n")), 0
            ),
        )

    def matching(self, text: str) -> "MeetingQuerySet":
        """Keep those whose title, motto, place or texts contain every word, in any script."""
        return with_every_word(self, text)


class Meeting(Fact):
    """A meeting, known to the day or only to the month."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the page's address; it stays when the title changes."),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=MeetingKind)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=MeetingStatus,
        default=MeetingStatus.DRAFT,
        help_text=_("A draft is seen by staff, and by the city or the coordinators who prepare it."),
    )
    date_precision = models.CharField(_("known to"), max_length=5, choices=DatePrecision, default=DatePrecision.DAY)
    start_on = models.DateField(_("first day"), help_text=_("When only the month is known: the first of that month."))
    end_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty for a meeting of one day."))
    last_day = models.GeneratedField(
        expression=Coalesce("end_on", "start_on"),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("last day"),
        editable=False,
    )
    timezone = models.CharField(
        _("time zone"),
        max_length=40,
        default="Europe/Istanbul",
        validators=[validate_timezone],
        help_text=_("An IANA name, as in Europe/Sofia."),
    )
    host_city = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("host city"), related_name="hosted_meetings",
        limit_choices_to={"kind": "city"},
    )  # fmt: skip
    place = models.CharField(
        _("place"), max_length=160, blank=True, help_text=_("The town, when it is no host city on record.")
    )
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("country"),
        related_name="+",
        help_text=_("Where it meets; empty when online."),
    )
    summit_of = models.OneToOneField(
        Presidency, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("summit hosted by the presidency"), related_name="summit",
        help_text=_("The presidency that takes over at this summit."),
    )  # fmt: skip
    motto = models.CharField(_("motto"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences for lists and previews."))
    report = models.TextField(
        _("report"), blank=True, help_text=_("Headings, paragraphs, lists, links; other markup is taken out.")
    )
    note = models.TextField(
        _("note on the record"), blank=True, help_text=_("Where sources disagree or fall short. Public.")
    )
    attendance_complete = models.BooleanField(_("the list of cities is complete"), default=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    search = models.TextField(editable=False)

    # True while somebody saves the sessions along, and checks each against the new days.
    parts_follow = False

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-start_on", "-pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes: ClassVar = [models.Index(fields=["-start_on", "-id"], name="meeting_newest_first")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="meeting_ends_after_it_begins",
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="meeting_month_has_no_last_day",
                condition=~Q(date_precision="month") | Q(start_on__day=1, end_on__isnull=True),
                violation_error_message=_("When only the month is known, give its first day and no last day."),
            ),
            models.CheckConstraint(
                name="meeting_address_is_not_reserved",
                condition=~Q(slug__in=RESERVED_SLUGS),
                violation_error_message=_("“next” and “calendar” are addresses of the site itself: add a word, as in “next-steps”."),
            ),
            models.CheckConstraint(
                name="meeting_kind_known", condition=Q(kind__in=MeetingKind.values), violation_error_message=_("Choose one of the kinds of meeting.")
            ),
            models.CheckConstraint(
                name="meeting_status_known", condition=Q(status__in=MeetingStatus.values), violation_error_message=_("Choose one of the statuses.")
            ),
            models.CheckConstraint(
                name="meeting_mode_known", condition=Q(mode__in=Mode.values), violation_error_message=_("Choose online, in person or hybrid.")
            ),
            models.CheckConstraint(
                name="meeting_presidency_hosts_summits",
                condition=Q(summit_of__isnull=True) | Q(kind="summit"),
                violation_error_message=_("Only a summit can be the one that a presidency hosts."),
            ),
            models.CheckConstraint(
                name="meeting_online_has_no_venue",
                condition=~Q(mode="online") | Q(venue="", place="", host_city__isnull=True),
                violation_error_message=_("An online meeting has no host city, place or venue; choose hybrid if some met in a room."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        from meetings.texts import sanitise  # forms and the loader use it too

        self.report = sanitise(self.report)
        self.derive_search()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("meetings:detail", args=[self.slug])

    def clean(self) -> None:
        """Check what the database cannot. Raises ValidationError naming the field."""
        super().clean()
        if self.host_city_id and self.host_city and not self.host_city.is_city:
            raise ValidationError({"host_city": _("%(name)s is no city.") % {"name": self.host_city}})
        if self.summit_of_id and self.summit_of and self.start_on:
            last = self.end_on or self.start_on
            if not self.start_on <= self.summit_of.started_on <= last:
                raise ValidationError(
                    {
                        "summit_of": _("That presidency took over on %(day)s, which is no day of this summit.")
                        % {"day": self.summit_of.started_on.isoformat()}
                    }
                )

        if self.pk and self.start_on and not self.parts_follow:
            self._check_sessions()

    def _check_sessions(self) -> None:
        """A meeting that moves takes its sessions along. Raises ValidationError naming one that would stay behind."""
        from meetings.models.sessions import Session  # sessions need meetings first

        for session in Session.objects.filter(meeting=self.pk, starts_at__isnull=False).prefetch_related(
            "working_groups"
        ):
            session.meeting = self
            try:
                session.clean()
            except ValidationError as error:
                raise ValidationError(
                    {
                        "start_on": _(
                            "The session “%(session)s” would then start outside the meeting's days: move it too."
                        )
                        % {"session": session}
                    }
                ) from error

    def derive_search(self) -> None:
        """Fold what the meeting is searched by; for `bulk_create`, which calls no `save`."""
        from meetings.texts import plain_text

        self.search = search_text(
            self.title,
            self.motto,
            self.place,
            self.venue,
            self.summary,
            plain_text(self.report),
            str(self.start_on.year),
        )

    @property
    def days(self) -> str:
        """Its days in words."""
        return days_label(self.start_on, self.end_on, only_month=self.date_precision == DatePrecision.MONTH)

    @property
    def known_by(self) -> dt.date:
        """The day on which it was certainly over: what an organisation was at the meeting is asked for this day."""
        if self.date_precision == DatePrecision.MONTH:
            return (self.start_on.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
        return self.end_on or self.start_on

    @property
    def presidency(self) -> Presidency | None:
        """The presidency whose summit it is, else the one in office on its first day."""
        return self.summit_of or Presidency.objects.select_related("city").on(self.start_on)

    @property
    def is_draft(self) -> bool:
        return self.status == MeetingStatus.DRAFT

    @property
    def is_cancelled(self) -> bool:
        return self.status == MeetingStatus.CANCELLED

    @property
    def is_postponed(self) -> bool:
        return self.status == MeetingStatus.POSTPONED

    @property
    def is_closed(self) -> bool:
        """Whether its record is frozen."""
        return self.status == MeetingStatus.CLOSED

    @property
    def tells_who_was_missing(self) -> bool:
        """Whether a member city that its list does not name was certainly missing: all were called, and the list is complete."""
        return self.kind in FOR_ALL and self.attendance_complete

    @property
    def took_place(self) -> bool:
        return self.status in TOOK_PLACE

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed in its own time zone."""
        return self.known_by < timezone.now().astimezone(zoneinfo.ZoneInfo(self.timezone)).date()

    @property
    def is_at_the_door(self) -> bool:
        """Whether it is to be, and runs today or begins tomorrow on its own clocks: then its way in is wanted first."""
        today = timezone.now().astimezone(zoneinfo.ZoneInfo(self.timezone)).date()
        return self.status in STANDS and self.start_on - dt.timedelta(days=1) <= today <= self.known_by
