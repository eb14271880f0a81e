"""What may be put on the agenda of a session: topics of its groups, what earlier meetings left open, standing items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.agenda.rows import Agenda
from meetings.discussion import Discussion, discussions
from meetings.minutes.outcomes import arising_by_session
from meetings.models import (
    TOOK_PLACE,
    ActionItem,
    AgendaItem,
    Decision,
    Meeting,
    MeetingStatus,
    NoteRevision,
    Session,
    TemplateSession,
)
from members.models import User
from workinggroups.models import Topic, TopicStatus

MOST_EARLIER = 24  # meetings looked back on
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Offer:
    """Something that may become an item: how the page sends it, what the item would say, and where it comes from."""

    key: str
    label: str
    title: str = ""
    minutes: int | None = None
    topic: int | None = None
    remark: str = ""
    origin: str = ""
    url: str = ""


@dataclass
class Offers:
    """What is offered to one session, by where it comes from."""

    left: list[Offer] = field(default_factory=list)
    actions: list[Offer] = field(default_factory=list)
    topics: list[Offer] = field(default_factory=list)
    standing: list[Offer] = field(default_factory=list)

    @property
    def all(self) -> list[Offer]:
        return [*self.left, *self.actions, *self.topics, *self.standing]


def read_offers(user: User, meeting: Meeting, agenda: Agenda) -> dict[int, Offers]:
    """Give what is offered to each session, by its key: nothing that stands on the meeting's agenda already.

    Takes an agenda whose sessions have `working_groups` prefetched. A fixed number of queries.
    """
    linked = {topic for row in agenda.rows if not row.is_removed for topic in row.topics}
    titles = {row.title for row in agenda.rows if not row.is_removed}
    offers = {session.pk: Offers() for session in agenda.sessions}
    _offer_left(offers, user, meeting, agenda.sessions, linked)
    _offer_actions(offers, user, meeting, agenda.sessions, titles)
    _offer_topics(offers, user, agenda.sessions, linked)
    _offer_standing(offers, meeting, agenda)
    return offers


def take_chosen(user: User, meeting: Meeting, agenda: Agenda, sent: Any) -> list[str]:
    """Append what was chosen of the offers, each behind the rows of its session. Gives the keys of the new rows.

    Takes the sent fields, as a QueryDict. What stands on the agenda already, or is offered no more, is left out.
    """
    chosen = {session.pk: sent.getlist(f"offer-{session.pk}") for session in agenda.sessions}
    if not any(chosen.values()):
        return []
    offers, taken = read_offers(user, meeting, agenda), dict[str, str]()
    for session, keys in chosen.items():
        for offer in offers[session].all:
            key = (
                offer.key if offer.topic else f"{session}-{offer.key}"
            )  # a topic is offered to two sessions, taken once
            if offer.key in keys and key not in taken:
                taken[key] = _take(agenda, session, offer)
    return list(taken.values())


def _take(agenda: Agenda, session: int, offer: Offer) -> str:
    minutes = "" if offer.minutes is None else str(offer.minutes)
    return agenda.add(session, title=offer.title, minutes=minutes, topics=[offer.topic] if offer.topic else []).key


def bodies_of(session: Session) -> list[int | None]:
    """Give the keys of the groups that meet in a session; the network, None, in a plenary one."""
    return [group.pk for group in session.working_groups.all()] or [None]


# --- Topics ----------------------------------------------------------------------------------------------------------


def _offer_topics(offers: dict[int, Offers], user: User, sessions: Iterable[Session], linked: set[int]) -> None:
    """Offer the open topics of the groups that meet; the network's own in a plenary session."""
    topics = Topic.objects.visible_to(user).filter(status__in=[TopicStatus.OPEN, TopicStatus.DRAFT])
    asked = {body for session in sessions for body in bodies_of(session)}
    of_bodies = Q(group__in=[body for body in asked if body]) | (Q(group__isnull=True) if None in asked else Q(pk=None))
    found = list(topics.filter(of_bodies).exclude(pk__in=linked).select_related("group").order_by("title", "pk"))
    told = discussions(user, found)
    for session in sessions:
        left = {offer.topic for offer in offers[session.pk].left}
        mine = [topic for topic in found if topic.group_id in bodies_of(session) and topic.pk not in left]
        offers[session.pk].topics = [_topic(topic, told.get(topic.pk)) for topic in mine]


def _topic(topic: Topic, told: Discussion | None) -> Offer:
    remark = _("on no agenda yet")
    if told:
        said = ngettext("on the agenda of %(number)d meeting, last %(day)s", "on the agenda of %(number)d meetings, last %(day)s", told.meetings)  # fmt: skip
        remark = said % {"number": told.meetings, "day": date_format(told.last, "j F Y")}
    if topic.status == TopicStatus.DRAFT:
        remark = _("draft, %(remark)s") % {"remark": remark}
    return Offer(f"topic-{topic.pk}", topic.title, topic=topic.pk, remark=remark)


# --- What earlier meetings left --------------------------------------------------------------------------------------


def _offer_left(
    offers: dict[int, Offers], user: User, meeting: Meeting, sessions: Sequence[Session], linked: set[int]
) -> None:
    """Offer open topics of earlier agendas of the same body of which the record tells nothing that came of it there.

    The last meeting with a topic on its agenda decides: a note, a decision or an action at the item, and it is left out.
    """
    items = _earlier_items(user, meeting, sessions)
    for session in sessions:
        bodies, last = set(bodies_of(session)), dict[int, tuple[Topic, list[AgendaItem]]]()
        for item in items:
            for topic in item.topics.all() if bodies & set(bodies_of(item.session)) else ():
                found = last.setdefault(topic.pk, (topic, []))[1]
                if not found or found[0].session.meeting_id == item.session.meeting_id:
                    found.append(item)
        offers[session.pk].left = [
            _left(topic, found[0].session.meeting)
            for topic, found in last.values()
            if topic.pk not in linked and not any(item.is_treated for item in found)  # type: ignore[attr-defined]
        ]


def _earlier_items(user: User, meeting: Meeting, sessions: Sequence[Session]) -> list[AgendaItem]:
    """Read the items with open topics of the last earlier meetings of the same bodies, the newest meeting first."""
    asked = {body for session in sessions for body in bodies_of(session)}
    of_bodies = Q(session__working_groups__in=[body for body in asked if body])
    if None in asked:
        of_bodies |= Q(session__working_groups__isnull=True)
    earlier = Q(start_on__lt=meeting.start_on) | Q(start_on=meeting.start_on, pk__lt=meeting.pk)
    settled = [*TOOK_PLACE, MeetingStatus.POSTPONED, MeetingStatus.CANCELLED]
    meetings = Meeting.objects.visible_to(user).filter(earlier, status__in=settled)
    met = meetings.filter(pk__in=AgendaItem.objects.filter(of_bodies, topics__isnull=False).values("session__meeting"))
    noted = Exists(NoteRevision.objects.newest().exclude(text="").filter(item__session__meeting=OuterRef("pk")))
    newest = {each.pk: each for each in met.annotate(has_notes=noted).order_by("-start_on", "-pk")[:MOST_EARLIER]}
    notes = NoteRevision.objects.newest().exclude(text="").filter(item=OuterRef("pk"))
    came = [model.objects.filter(item=OuterRef("pk")) for model in (Decision, ActionItem)]
    treated = Exists(notes) | Exists(came[0]) | Exists(came[1])
    topics = Topic.objects.visible_to(user).filter(status=TopicStatus.OPEN)
    items = AgendaItem.objects.filter(session__meeting__in=newest).annotate(is_treated=treated).order_by("order", "pk")
    found = list(
        items.select_related("session").prefetch_related("session__working_groups", Prefetch("topics", topics))
    )
    for item in found:
        item.session.meeting = newest[item.session.meeting_id]
    return sorted(found, key=lambda item: list(newest).index(item.session.meeting_id))


def _left(topic: Topic, meeting: Meeting) -> Offer:
    if meeting.is_cancelled:
        remark = _("on the agenda of a meeting that was cancelled")
    elif meeting.is_postponed:
        remark = _("on the agenda of a meeting that was postponed")
    elif meeting.has_notes:  # type: ignore[attr-defined]  # annotated
        remark = _("on the agenda, but its minutes hold no note, decision or action")
    else:
        remark = _("on the agenda; whether it was discussed is not on record")
    return Offer(
        f"topic-{topic.pk}", topic.title, topic=topic.pk, remark=remark, origin=_origin(meeting), url=_address(meeting)
    )


def _offer_actions(
    offers: dict[int, Offers], user: User, meeting: Meeting, sessions: Sequence[Session], titles: set[str]
) -> None:
    """Offer the open actions of earlier meetings to the first session of their body."""
    actions = ActionItem.objects.visible_to(user).arising_at(meeting).still_open()
    known = list(actions.select_related("meeting").prefetch_related("owners"))
    for session, found in arising_by_session(sessions, known).items():
        offers[session].actions = [_action(action) for action in found if _title(action) not in titles]


def _action(action: ActionItem) -> Offer:
    owners = ", ".join(owner.name for owner in action.owners.all())
    remark = f"{action.standing}; {owners}" if owners else action.standing
    return Offer(
        f"action-{action.pk}", action.text, title=_title(action), remark=remark, origin=_origin(action.meeting),
        url=reverse("admin:meetings_actionitem_change", args=[action.pk]),
    )  # fmt: skip


def _title(action: ActionItem) -> str:
    return Truncator(action.text).chars(LONGEST_TITLE)


def _origin(meeting: Meeting) -> str:
    return f"{meeting.title}, {meeting.days}"


def _address(meeting: Meeting) -> str:
    return reverse("admin:meetings_meeting_workspace", args=[meeting.pk])


# --- Standing items --------------------------------------------------------------------------------------------------


def _offer_standing(offers: dict[int, Offers], meeting: Meeting, agenda: Agenda) -> None:
    """Offer what stands on every agenda, by the templates of meetings of this kind; first those of the same groups."""
    patterns = list(
        TemplateSession.objects.filter(template__kind=meeting.kind).select_related("template")
        .order_by("template", "day", "order", "pk").prefetch_related("working_groups")
    )  # fmt: skip
    for session in agenda.sessions:
        there = {row.title for row in agenda.of(session.pk) if not row.is_removed}
        bodies = {group.pk for group in session.working_groups.all()}
        same = [each for each in patterns if {group.pk for group in each.working_groups.all()} == bodies]
        offers[session.pk].standing = [offer for offer in _standing(same or patterns) if offer.title not in there]


def _standing(patterns: Iterable[TemplateSession]) -> list[Offer]:
    found: dict[str, Offer] = {}
    for pattern in patterns:
        remark = _("template “%(name)s”") % {"name": pattern.template.name}
        for minutes, text in pattern.standing_items:
            title = text[:LONGEST_TITLE]
            found.setdefault(title, Offer(f"standing-{title}", title, title=title, minutes=minutes, remark=remark))
    return list(found.values())
