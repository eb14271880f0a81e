"""Everything on record about one meeting, read for those who work on it."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from meetings.attendance import AttendanceList, who_attended
from meetings.models import Document, Meeting, Session, StatedTotal
from meetings.programme import Programme, TopicGroup, read_programme
from members.models import User
from workinggroups.models import Topic


@dataclass(frozen=True)
class Dossier:
    """A meeting with its parts; `public_topics` are the keys of those that everybody may see."""

    meeting: Meeting
    programme: Programme
    public_topics: frozenset[int]
    attendance: AttendanceList
    documents: list[Document]
    totals: list[StatedTotal]
    differing: list[StatedTotal]
    photos: int
    decisions: int
    guests: int
    sources: int

    @property
    def sessions(self) -> list[Session]:
        return list(self.programme.sessions)

    @property
    def hidden_topics(self) -> list[Topic]:
        """The topics that visitors of the public page do not see."""
        return [topic for topic in self.programme.topics if topic.pk not in self.public_topics]

    @property
    def public_topic_groups(self) -> list[TopicGroup]:
        """The topics as the public page lists them."""
        groups = [(group, self._public(group.topics)) for group in self.programme.topics_by_group]
        return [TopicGroup(group.name, group.url, topics) for group, topics in groups if topics]

    def _public(self, topics: list[Topic]) -> list[Topic]:
        return [topic for topic in topics if topic.pk in self.public_topics]


def read_dossier(user: User, meeting: Meeting) -> Dossier:
    """Read a meeting with all its parts, as somebody of the staff sees them; a fixed number of queries."""
    programme = read_programme(user, meeting)
    asked = Topic.objects.visible_to(AnonymousUser()).filter(pk__in=[topic.pk for topic in programme.topics])
    return Dossier(
        meeting=meeting,
        programme=programme,
        public_topics=frozenset(asked.values_list("pk", flat=True)),
        attendance=who_attended(meeting),
        documents=list(meeting.documents.select_related("handed_in_by")),
        totals=list(meeting.stated_totals.all()),
        differing=list(StatedTotal.objects.filter(meeting=meeting).differing()),
        photos=meeting.photos.count(),
        decisions=meeting.decisions.count(),
        guests=meeting.guests.count(),
        sources=meeting.sources.count(),
    )
