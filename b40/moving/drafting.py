"""From what was recognised to the draft of a meeting, or of a piece of news, that a person then confirms."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from anyascii import anyascii
from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext as _

from b40.moving.finding import Finding
from meetings.models import (
    RESERVED_SLUGS,
    AgendaItem,
    Attendance,
    Capacity,
    Channel,
    DatePrecision,
    Meeting,
    MeetingKind,
    Mode,
    NewsItem,
    NewsKind,
    Presence,
    Session,
    StatedTotal,
)
from meetings.scheduling import ZONES
from members.dates import parse_window
from members.models import Organisation, Presidency, Source
from members.names import search_text
from workinggroups.models import Topic, TopicStatus, WorkingGroup

STATED_BY = "the network"
LONGEST_SLUG = 110
_NEWS_KINDS = [
    (NewsKind.STATEMENT, r"\b(?:statement|solidarity|condemn\w*|condolence\w*|declares?|appeal|stands? with)\b"),
    (NewsKind.CALL, r"\b(?:call|applications?|competition|apply|register)\b"),
    (NewsKind.VISIT, r"\b(?:visit\w*|received|hosted)\b"),
]


@dataclass(frozen=True)
class Decided:
    """What a person says where the post does not: the days and the mode of the meeting."""

    start_on: dt.date | None = None
    end_on: dt.date | None = None
    mode: str = ""


def missing_for_draft(finding: Finding, decided: Decided = Decided()) -> list[str]:
    """Name what a meeting cannot do without and the post does not tell: "first day", "mode"."""
    if not finding.is_meeting:
        return []
    missing = [] if finding.start_date or decided.start_on else ["start_on"]
    return missing if finding.mode or decided.mode else [*missing, "mode"]


def same_meeting(finding: Finding) -> Meeting | None:
    """Find the one meeting on record that the post speaks of: of its kind, and of its days, or, by month, its host."""
    if not finding.is_meeting or not finding.start_date:
        return None
    start = parse_window(finding.start_date)[0] or dt.date.min
    found = Meeting.objects.filter(kind=finding.kind, start_on=start, date_precision=_precision(finding)).order_by("pk")
    if finding.host_city and len(found) != 1:
        found = found.filter(host_city__slug=finding.host_city)
    return found[0] if len(found) == 1 else None


def _precision(finding: Finding) -> str:
    return DatePrecision.MONTH if len(finding.start_date or "") == 7 else DatePrecision.DAY


def draft_meeting(finding: Finding, link: str, decided: Decided, *, slug: str) -> Meeting:
    """Write the draft of a meeting with its sessions, topics, attendance and totals, all with the post as their source.

    Takes what `missing_for_draft` asks for where the post does not tell it. Call it within a transaction. Raises
    ValidationError when a rule of the record forbids what the post says.
    """
    sources = _sources(link)
    meeting = Meeting(
        title=finding.title or _("Untitled post"), slug=_free_slug(Meeting, slug or finding.title), kind=finding.kind
    )
    _set_when_and_where(meeting, finding, decided)
    meeting.summary, meeting.report = finding.summary, finding.text
    meeting.full_clean(exclude=["search"])
    meeting.save()
    meeting.sources.set(sources)
    _write_sessions(meeting, finding, sources)
    _write_attendance(meeting, finding, sources)
    for total in finding.totals:
        stated = StatedTotal.objects.create(meeting=meeting, stated_by=STATED_BY, **total)
        stated.sources.set(sources)
    return meeting


def _set_when_and_where(meeting: Meeting, finding: Finding, decided: Decided) -> None:
    meeting.mode = decided.mode or finding.mode or ""
    if decided.start_on:
        meeting.start_on, meeting.end_on = decided.start_on, decided.end_on
    else:
        meeting.start_on = parse_window(finding.start_date or "")[0] or dt.date.min
        meeting.date_precision = _precision(finding)
        end = dt.date.fromisoformat(finding.end_date) if finding.end_date else None
        meeting.end_on = end if end != meeting.start_on else None
    if meeting.end_on == meeting.start_on:
        meeting.end_on = None
    if meeting.mode != Mode.ONLINE:
        _set_place(meeting, finding)
    if meeting.kind == MeetingKind.SUMMIT:
        term = Presidency.objects.filter(
            started_on__range=(meeting.start_on, meeting.end_on or meeting.start_on), summit__isnull=True
        )
        meeting.summit_of = term.first()


def _set_place(meeting: Meeting, finding: Finding) -> None:
    host = Organisation.objects.filter(slug=finding.host_city).first() if finding.host_city else None
    meeting.host_city, meeting.venue = host, finding.venue[:200]
    meeting.place = "" if host else finding.town[:160]
    if host:
        meeting.country = host.country
        meeting.timezone = ZONES.get(host.country_id or "", meeting.timezone)


def _write_sessions(meeting: Meeting, finding: Finding, sources: list[Source]) -> None:
    groups = {group.name: group for group in WorkingGroup.objects.filter(name__in=finding.working_groups)}
    for order, name in enumerate(finding.working_groups):
        session = Session.objects.create(meeting=meeting, order=order)
        session.working_groups.set([groups[name]])
        titles = [each["topic"] for each in finding.topics if each["working_group"] == name]
        for place, title in enumerate(titles):
            item = AgendaItem.objects.create(session=session, order=place)
            item.topics.set([_topic(title, groups[name], sources)])


def _topic(title: str, group: WorkingGroup, sources: list[Source]) -> Topic:
    """Find the group's topic of this title, in any spelling of it, else make it as a draft."""
    wanted = search_text(title)
    for topic in group.topics.all():
        if search_text(topic.title) == wanted:
            return topic
    topic = Topic.objects.create(
        title=title[:200], slug=_free_slug(Topic, title), group=group, status=TopicStatus.DRAFT
    )
    topic.sources.set(sources)
    return topic


def _write_attendance(meeting: Meeting, finding: Finding, sources: list[Source]) -> None:
    said = (
        [(slug, Presence.PRESENT, Capacity.BY_MEMBERSHIP) for slug in finding.cities]
        + [(slug, Presence.PRESENT, Capacity.OBSERVER) for slug in finding.observers]
        + [(slug, Presence.PRESENT, Capacity.PARTNER) for slug in finding.partners]
        + [(slug, Presence.EXCUSED, Capacity.BY_MEMBERSHIP) for slug in finding.excused]
    )
    found = {each.slug: each for each in Organisation.objects.filter(slug__in=[slug for slug, _p, _c in said])}
    for slug, presence, capacity in said:
        row = Attendance.objects.create(
            meeting=meeting, organisation=found[slug], presence=presence, capacity=capacity, channel=Channel.PUBLISHED
        )
        row.sources.set(sources)


def draft_news(finding: Finding, link: str, *, slug: str) -> NewsItem:
    """Write the draft of a piece of news. Call it within a transaction."""
    item = NewsItem(
        title=finding.title or _("Untitled post"),
        slug=_free_slug(NewsItem, slug or finding.title),
        kind=next((kind for kind, words in _NEWS_KINDS if re.search(words, finding.title, re.I)), NewsKind.NEWS),
        summary=finding.summary,
        text=finding.text,
    )
    item.full_clean(exclude=["search"])
    item.save()
    item.sources.set(_sources(link))
    item.organisations.set(Organisation.objects.filter(slug__in=finding.named))
    return item


def _sources(link: str) -> list[Source]:
    return [Source.objects.get_or_create(url=link)[0]] if link else []


def _free_slug(model: type[Model], text: str) -> str:
    """Make an address that no other record has."""
    base = slugify(anyascii(text))[:LONGEST_SLUG].strip("-") or "post"
    taken: set[Any] = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    if model is Meeting:
        taken.update(RESERVED_SLUGS)
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(each for each in numbered if each not in taken)
