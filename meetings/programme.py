"""What was on the table: topics under their groups, and sessions with their agenda."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from meetings.agenda.sums import starts_of
from meetings.attendance import AttendanceList
from meetings.models import AgendaItem, Meeting, Session
from members.models import Organisation
from workinggroups.models import Topic, WorkingGroup

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


@dataclass
class TopicGroup:
    """The topics of one group, or of the whole network, as `components/topics_by_group.html` shows them."""

    name: str
    url: str = ""
    topics: list[Topic] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """An item of an agenda, and when it begins where every length of the session tells that."""

    item: AgendaItem
    starts_at: dt.datetime | None


@dataclass(frozen=True)
class SessionPart:
    """A session as a page shows it: what was planned, and which cities came to it where a source says so."""

    session: Session
    title: str
    lines: list[Line]
    cities: list[Organisation]


@dataclass(frozen=True)
class Programme:
    """The sessions of a meeting, read."""

    meeting: Meeting
    sessions: Sequence[Session]

    @property
    def groups(self) -> list[tuple[WorkingGroup, str]]:
        """The working groups that met, each with the name it bore on the day."""
        met = dict.fromkeys(group for session in self.sessions for group in session.working_groups.all())
        ordered = sorted(met, key=lambda group: (group.order, group.name))
        return [(group, self._name(group)) for group in ordered]

    @property
    def topics(self) -> list[Topic]:
        """All topics in the order of the agenda, each once."""
        items = (item for session in self.sessions for item in session.items.all())
        return list(dict.fromkeys(topic for item in items for topic in item.topics.all()))

    @property
    def topics_by_group(self) -> list[TopicGroup]:
        """The topics under the groups that they belong to, those of the whole network last."""
        found: dict[int | None, TopicGroup] = {}
        ordered = sorted(self.topics, key=lambda topic: (topic.group is None, topic.group.order if topic.group else 0))
        for topic in ordered:
            found.setdefault(topic.group_id, self._heading(topic.group)).topics.append(topic)
        return list(found.values())

    def _heading(self, group: WorkingGroup | None) -> TopicGroup:
        return TopicGroup(self._name(group), group.get_absolute_url()) if group else TopicGroup(_("The whole network"))

    def _name(self, group: WorkingGroup) -> str:
        then = group.name_on(self.meeting.known_by)
        return then if then == group.name else _("%(then)s (now %(now)s)") % {"then": then, "now": group.name}

    def parts(self, attendance: AttendanceList) -> list[SessionPart]:
        """The sessions, if they tell more than topics do: a time, a room, an item with words of its own, or who came to
        which.
        """
        parts = [self._part(session, attendance) for session in self.sessions]
        return parts if any(_tells_more(part) for part in parts) else []

    def _part(self, session: Session, attendance: AttendanceList) -> SessionPart:
        came = [
            attendee.organisation
            for attendee in attendance.present
            if any(row.session_id == session.pk for row in attendee.counted_rows)
        ]
        names = [self._name(group) for group in session.working_groups.all()]
        title = session.title or ", ".join(names) or session.label
        return SessionPart(session, title, _lines(session), came)


def _lines(session: Session) -> list[Line]:
    """Give the items that a visitor may read. Begins are told of all of them or of none, of a single one never."""
    items = list(session.items.all())
    starts = starts_of(session, [item.minutes for item in items])
    if len(items) < 2 or not all(starts):
        starts = [None] * len(items)
    lines = [Line(item, at) for item, at in zip(items, starts, strict=True)]
    return [line for line in lines if line.item.title or line.item.topics.all()]


def _tells_more(part: SessionPart) -> bool:
    session = part.session
    return bool(session.starts_at or session.room or part.cities or any(line.item.title for line in part.lines))


def read_programme(user: "User | AnonymousUser", meeting: Meeting) -> Programme:
    """Read the sessions of a meeting with groups, agenda and the topics that a visitor may see; six queries, whatever
    their number.
    """
    topics = Topic.objects.visible_to(user).select_related("group").prefetch_related("group__former_names")
    items = AgendaItem.objects.order_by("order", "pk").prefetch_related(Prefetch("topics", topics))
    sessions = meeting.sessions.order_by("order", "starts_at", "pk").prefetch_related(
        "working_groups__former_names", Prefetch("items", items)
    )
    return Programme(meeting, list(sessions))


def groups_of(meetings: Iterable[Meeting]) -> dict[int, list[WorkingGroup]]:
    """Give the working groups that met at each of some meetings, by the meetings' keys; two queries."""
    sessions = Session.objects.filter(meeting__in=list(meetings)).prefetch_related("working_groups")
    groups: dict[int, dict[WorkingGroup, None]] = {}
    for session in sessions:
        groups.setdefault(session.meeting_id, {}).update(dict.fromkeys(session.working_groups.all()))
    return {pk: sorted(met, key=lambda group: (group.order, group.name)) for pk, met in groups.items()}
