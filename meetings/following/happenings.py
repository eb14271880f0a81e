"""What happened in the network, as a digest tells it: each thing once, with the moment from which it could be seen.

Read from the log of the meetings' lives, from frozen records and from the history, for a bounded time back. Whether a
reader may see a thing is asked of `visible_to`, once a kind and reader.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import (
    Attendance,
    Document,
    Meeting,
    MeetingStep,
    Minutes,
    NewsItem,
    Session,
    Snapshot,
    Step,
)
from meetings.models.audience import Audience
from members.models import Change
from members.rights import Visitor
from workinggroups.models import Topic, TopicStatus

STILL_NEWS = dt.timedelta(days=31)
STEPS = {
    Step.ANNOUNCE: _("Meeting announced"),
    Step.MOVE: _("Meeting moved"),
    Step.POSTPONE: _("Meeting postponed"),
    Step.CANCEL: _("Meeting cancelled"),
}
WORDS = {
    "record": _("Record published"),
    "report": _("Report published"),
    "news": _("News"),
    "topic": _("Topic opened"),
    "document": _("New document"),
    "version": _("New version of a document"),
    "minutes": _("Minutes approved"),
}


@dataclass(frozen=True)
class Happening:
    """One thing to tell: `what` names it for good; `model` and `pk` are what must be visible to hear of it."""

    what: str
    at: dt.datetime
    words: Any
    model: type[Model]
    pk: int
    meeting: int | None = None


def happenings(since: dt.datetime, until: dt.datetime) -> list[Happening]:
    """Give what happened between two moments, the first first; of one thing told twice the last alone. Four queries."""
    found = [*_steps(since, until), *_records(since, until), *_changes(since, until), *_waited(since, until)]
    return list({each.what: each for each in sorted(found, key=lambda each: each.at)}.values())


def _steps(since: dt.datetime, until: dt.datetime) -> Iterable[Happening]:
    """The last step of each meeting that people should know of: who hears of a cancellation needs no announcement."""
    steps = MeetingStep.objects.filter(step__in=list(STEPS), taken_at__gte=since, taken_at__lt=until)
    newest = {step.meeting_id: step for step in steps.order_by("pk")}
    for step in newest.values():
        yield Happening(
            f"step:{step.pk}", step.taken_at, STEPS[Step(step.step)], Meeting, step.meeting_id, step.meeting_id
        )


def _records(since: dt.datetime, until: dt.datetime) -> Iterable[Happening]:
    frozen = Snapshot.objects.filter(taken_at__gte=since, taken_at__lt=until).order_by("pk")
    for pk, meeting, at in frozen.values_list("pk", "meeting", "taken_at"):
        yield Happening(f"record:{pk}", at, WORDS["record"], Meeting, meeting, meeting)


def _changes(since: dt.datetime, until: dt.datetime) -> Iterable[Happening]:
    """What the history says became readable: a report, news, a topic, a paper, minutes.

    What people did: what a command brings in, such as the loader, is the past and no news.
    """
    rows = Change.objects.filter(model__in=list(READERS), user__isnull=False, at__gte=since, at__lt=until)
    readable = Q(pk__in=[])
    for name, (field, _read) in READERS.items():
        readable |= Q(model=name, **{f"fields__{field}__isnull": False})
    for change in rows.filter(readable).order_by("pk"):
        happening = READERS[change.model][1](change)
        if happening is not None:
            yield happening


def _waited(since: dt.datetime, until: dt.datetime) -> Iterable[Happening]:
    """News whose day of publication came: it had been entered before."""
    zone = timezone.get_default_timezone()
    days = (since.astimezone(zone).date(), until.astimezone(zone).date())
    for item in NewsItem.objects.filter(published_on__range=days).only("published_on", "changed_at"):
        at = item.published_at
        if at is not None and since <= at < until:
            yield Happening(f"news:{item.pk}", at, WORDS["news"], NewsItem, item.pk)


def _of(change: Change, field: str) -> tuple[Any, Any]:
    before, after = change.fields.get(field, [None, None])
    return before, after


def _report(change: Change) -> Happening | None:
    before, after = _of(change, "report")
    if before or not after:
        return None
    pk = int(change.key)
    return Happening(f"report:{pk}", change.at, WORDS["report"], Meeting, pk, pk)


def _news(change: Change) -> Happening | None:
    """News that was given its day; of long ago, it is no news any more."""
    _before, after = _of(change, "published_on")
    if not after or change.at.date() - dt.date.fromisoformat(after) > STILL_NEWS:
        return None
    pk = int(change.key)
    return Happening(f"news:{pk}", change.at, WORDS["news"], NewsItem, pk)


def _topic(change: Change) -> Happening | None:
    before, after = _of(change, "status")
    if after != TopicStatus.OPEN or before not in (None, TopicStatus.DRAFT):
        return None
    pk = int(change.key)
    return Happening(f"topic:{pk}", change.at, WORDS["topic"], Topic, pk)


def _document(change: Change) -> Happening | None:
    """A paper that was added, or is for more readers than before."""
    _before, after = _of(change, "audience")
    if after in (None, Audience.SECRETARIAT):
        return None
    pk = int(change.key)
    return Happening(f"document:{pk}", change.at, WORDS["document"], Document, pk)


def _version(change: Change) -> Happening | None:
    """A further version of a paper; the first is the paper itself."""
    _before, number = _of(change, "number")
    document = _of(change, "document")[1]
    if not document or not number or number < 2:
        return None
    return Happening(f"document:{document}:{number}", change.at, WORDS["version"], Document, int(document))


def _minutes(change: Change) -> Happening | None:
    _before, after = _of(change, "approved_on")
    if not after:
        return None
    pk = int(change.key)
    return Happening(f"minutes:{pk}:{after}", change.at, WORDS["minutes"], Minutes, pk)


# By the history's name of a model: the field that must have changed, and what a change of it tells.
READERS: dict[str, tuple[str, Any]] = {
    "meetings.meeting": ("report", _report),
    "meetings.newsitem": ("published_on", _news),
    "workinggroups.topic": ("status", _topic),
    "meetings.document": ("audience", _document),
    "meetings.documentversion": ("number", _version),
    "meetings.minutes": ("approved_on", _minutes),
}


# --- For one reader --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A thing as a reader is told it, and what it is about."""

    what: str
    words: Any
    title: str
    when: str
    url: str
    groups: frozenset[int]
    topics: frozenset[int]
    organisations: frozenset[int]


def visible_happenings(user: Visitor, found: list[Happening]) -> list[Told]:
    """Keep what a reader may see today, with what each is about. Some ten queries, whatever their number."""
    keys: dict[type[Any], set[int]] = {}
    for each in found:
        keys.setdefault(each.model, set()).add(each.pk)
    seen = {model: _seen(user, model, pks) for model, pks in keys.items()}
    about = _about({record for records in seen.values() for record in records.values()})
    return [_told(each, seen[each.model][each.pk], about) for each in found if each.pk in seen[each.model]]


def _seen(user: Visitor, model: type[Any], pks: set[int]) -> dict[int, Any]:
    rows = model.objects.visible_to(user).filter(pk__in=pks)
    if model in (Document, Minutes):
        rows = rows.select_related("meeting")
    if model is NewsItem:
        rows = rows.select_related("meeting").prefetch_related("organisations")
    return {row.pk: row for row in rows}


@dataclass(frozen=True)
class About:
    """For the meetings of all happenings: their groups, topics and cities."""

    groups: dict[int, set[int]]
    topics: dict[int, set[int]]
    organisations: dict[int, set[int]]


def meeting_of(record: Any) -> Meeting | None:
    """Give the meeting that something is about: itself, or the one that it belongs to."""
    return record if isinstance(record, Meeting) else getattr(record, "meeting", None)


def _about(records: set[Any]) -> About:
    meetings = {meeting.pk: meeting for record in records if (meeting := meeting_of(record))}
    about = About({pk: set() for pk in meetings}, {pk: set() for pk in meetings}, {pk: set() for pk in meetings})
    sessions = Session.objects.filter(meeting__in=meetings)
    for pk, group in sessions.filter(working_groups__isnull=False).values_list("meeting", "working_groups"):
        about.groups[pk].add(group)
    for pk, topic in sessions.filter(items__topics__isnull=False).values_list("meeting", "items__topics"):
        about.topics[pk].add(topic)
    rows = Attendance.objects.counted().filter(meeting__in=meetings).order_by()
    for pk, city in rows.values_list("meeting", "organisation").distinct():
        about.organisations[pk].add(city)
    for pk, meeting in meetings.items():
        if meeting.host_city_id:
            about.organisations[pk].add(meeting.host_city_id)
    return about


def _told(happening: Happening, record: Any, about: About) -> Told:
    meeting = meeting_of(record)
    pk = meeting.pk if meeting else 0
    groups, topics = about.groups.get(pk, set()), about.topics.get(pk, set())
    organisations = about.organisations.get(pk, set())
    if isinstance(record, Topic):
        groups, topics = {record.group_id} if record.group_id else set(), {record.pk}
    if isinstance(record, NewsItem):
        organisations = organisations | {city.pk for city in record.organisations.all()}
    return Told(
        what=happening.what,
        words=happening.words,
        title=record.title if hasattr(record, "title") else str(record),
        when=meeting.days if meeting and not isinstance(record, NewsItem) else "",
        url=_address(record, meeting),
        groups=frozenset(groups),
        topics=frozenset(topics),
        organisations=frozenset(organisations),
    )


def _address(record: Any, meeting: Meeting | None) -> str:
    """Give the page, never a file: a mail may be forwarded, and the page asks who reads."""
    if hasattr(record, "get_absolute_url"):
        return str(record.get_absolute_url())
    return meeting.get_absolute_url() if meeting else "/about/"
