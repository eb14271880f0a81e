"""From a template to drafts: first shown, then made, in one step."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from meetings.models import (
    RESERVED_SLUGS,
    AgendaItem,
    Meeting,
    MeetingStatus,
    MeetingTemplate,
    Session,
    TemplateSession,
)
from meetings.scheduling import FreeDay, countries_of_members, free_days
from members.models import User

MOST_DAYS = 30  # meetings of a series


@dataclass(frozen=True)
class PlannedSession:
    """A session as it will be; times in the meeting's zone."""

    pattern: TemplateSession
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass
class PlannedMeeting:
    """A meeting as it will be, with what speaks against its days."""

    title: str
    start_on: dt.date
    end_on: dt.date | None
    sessions: list[PlannedSession]
    free_days: list[FreeDay] = field(default_factory=list)
    clashes: list[Meeting] = field(default_factory=list)
    same: Meeting | None = None  # the one of this title and day that is on record already


def plan(template: MeetingTemplate, days: Sequence[dt.date], starts: dt.time) -> list[PlannedMeeting]:
    """Give the meetings that a template makes of some first days, earliest first, nothing written.

    Hours are those of the template's zone, on each day's own clock. Raises ValidationError for no day, too many, or a
    template without sessions.
    """
    if not days:
        raise ValidationError(_("Name at least one day."))
    if len(set(days)) > MOST_DAYS:
        raise ValidationError(_("A series has at most %(most)d meetings: plan the others later.") % {"most": MOST_DAYS})
    patterns = list(template.sessions.prefetch_related("working_groups"))
    if not patterns:
        raise ValidationError(_("This template has no session yet: add one first."))
    planned = [_planned(template, patterns, day, starts) for day in sorted(set(days))]
    _weigh(planned)
    return planned


def series(first: dt.date, weeks: int, number: int) -> list[dt.date]:
    """Give days some weeks apart, the first one included."""
    return [first + dt.timedelta(weeks=weeks * step) for step in range(number)]


@transaction.atomic
def draft(template: MeetingTemplate, days: Sequence[dt.date], starts: dt.time, *, by: User) -> list[Meeting]:
    """Make the planned meetings as drafts, with sessions and standing items; what is on record already is left out.

    Raises ValidationError as `plan` does.
    """
    MeetingTemplate.objects.select_for_update().get(pk=template.pk)  # the same plan sent twice makes one draft
    return [_draft(template, planned) for planned in plan(template, days, starts) if planned.same is None]


def _planned(
    template: MeetingTemplate, patterns: Iterable[TemplateSession], day: dt.date, starts: dt.time
) -> PlannedMeeting:
    zone = zoneinfo.ZoneInfo(template.timezone)
    sessions: list[PlannedSession] = []
    for pattern in patterns:
        date = day + dt.timedelta(days=pattern.day - 1)
        before = sessions[-1].ends_at if sessions and sessions[-1].pattern.day == pattern.day else None
        begins = (before or dt.datetime.combine(date, starts, zone)) + dt.timedelta(minutes=pattern.pause)
        sessions.append(PlannedSession(pattern, begins, begins + dt.timedelta(minutes=pattern.minutes)))
    last = sessions[-1].starts_at.date()
    words = {"{month}": date_format(day, "F"), "{year}": str(day.year), "{day}": date_format(day, "j F Y")}
    title = template.title
    for mark, word in words.items():
        title = title.replace(mark, word)
    return PlannedMeeting(title, day, last if last > day else None, sessions)


def _weigh(planned: Sequence[PlannedMeeting]) -> None:
    """Add what speaks against each day: holidays of the members' countries, and other meetings; three queries."""
    first, last = planned[0].start_on, max(each.end_on or each.start_on for each in planned)
    countries = countries_of_members(first)
    others = list(
        Meeting.objects.filter(start_on__lte=last, last_day__gte=first).exclude(status=MeetingStatus.CANCELLED)
    )
    for each in planned:
        end = each.end_on or each.start_on
        met = [other for other in others if other.start_on <= end and other.last_day >= each.start_on]
        each.same = next(
            (other for other in met if other.title == each.title and other.start_on == each.start_on), None
        )
        each.clashes = [other for other in met if other != each.same]
        each.free_days = free_days(each.start_on, end, countries)


def _draft(template: MeetingTemplate, planned: PlannedMeeting) -> Meeting:
    meeting = Meeting(
        title=planned.title, slug=_free_slug(planned), kind=template.kind, mode=template.mode, timezone=template.timezone,
        start_on=planned.start_on, end_on=planned.end_on, summary=template.summary,
    )  # fmt: skip
    meeting.full_clean(exclude=["search"])
    meeting.save()
    for order, session in enumerate(planned.sessions, 1):
        _draft_session(meeting, session, order)
    return meeting


def _draft_session(meeting: Meeting, planned: PlannedSession, order: int) -> None:
    pattern = planned.pattern
    session = Session(
        meeting=meeting, title=pattern.title, starts_at=planned.starts_at, ends_at=planned.ends_at, order=order
    )
    session.full_clean()
    session.save()
    session.working_groups.set(pattern.working_groups.all())
    for place, (minutes, title) in enumerate(pattern.standing_items, 1):
        AgendaItem.objects.create(session=session, title=title[:200], minutes=minutes, order=place)


def _free_slug(planned: PlannedMeeting) -> str:
    """Give an address that no meeting has: the title's, then with the day, then with a number."""
    base = slugify(planned.title)[:100] or "meeting"
    choices = [base, f"{base}-{planned.start_on.isoformat()}"]
    choices += [f"{choices[1]}-{number}" for number in range(2, 100)]
    taken = set(Meeting.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in choices if slug not in taken.union(RESERVED_SLUGS))


def template_of(meeting: Meeting, name: str) -> MeetingTemplate:
    """Give an unsaved template that goes as a meeting does; `keep_as_template` saves it with its sessions."""
    zone = zoneinfo.ZoneInfo(meeting.timezone)
    first = meeting.sessions.filter(starts_at__isnull=False).order_by("starts_at").first()
    starts = first.starts_at.astimezone(zone).time() if first and first.starts_at else dt.time(10)
    return MeetingTemplate(
        name=name, title=meeting.title, kind=meeting.kind, mode=meeting.mode, timezone=meeting.timezone, starts=starts,
        summary=meeting.summary,
    )  # fmt: skip


@transaction.atomic
def keep_as_template(meeting: Meeting, *, name: str, by: User) -> MeetingTemplate:
    """Make a template of a meeting: its sessions with their lengths, breaks, groups and items.

    Raises ValidationError when there is a template of that name.
    """
    template = template_of(meeting, name)
    template.full_clean()
    template.save()
    ended: dt.datetime | None = None
    for order, session in enumerate(meeting.sessions.order_by("order", "starts_at", "pk"), 1):
        pattern = _pattern_of(session, template, meeting, ended)
        pattern.order = order
        pattern.save()
        pattern.working_groups.set(session.working_groups.all())
        ended = session.starts_at and session.starts_at + dt.timedelta(minutes=pattern.minutes)
    return template


def _pattern_of(
    session: Session, template: MeetingTemplate, meeting: Meeting, ended: dt.datetime | None
) -> TemplateSession:
    items = [f"{item.minutes} {item}" if item.minutes else str(item) for item in session.items.all()]
    pattern = TemplateSession(template=template, title=session.title, items="\n".join(items), minutes=_length(session))
    if session.starts_at:
        zone = zoneinfo.ZoneInfo(meeting.timezone)
        local = session.starts_at.astimezone(zone)
        pattern.day = (local.date() - meeting.start_on).days + 1
        pattern.pause = _pause(local, ended and ended.astimezone(zone), template.starts, zone)
    return pattern


def _pause(starts: dt.datetime, previous: dt.datetime | None, hour: dt.time, zone: zoneinfo.ZoneInfo) -> int:
    """Minutes since the session before it on that day, else since the hour at which the day begins; never under nought."""
    is_same_day = previous is not None and previous.date() == starts.date()
    since = previous if is_same_day and previous else dt.datetime.combine(starts.date(), hour, zone)
    return max(0, int((starts - since).total_seconds() // 60))


def _length(session: Session) -> int:
    if not (session.starts_at and session.ends_at):
        return 60
    return max(5, int((session.ends_at - session.starts_at).total_seconds() // 60))
