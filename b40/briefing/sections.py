"""The sections of a brief, one function a matter; a new matter is one more function in the list at the end."""

from collections import defaultdict
from collections.abc import Callable

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b40.briefing.brief import EVERYBODY, MONTHS, Subject
from b40.briefing.parts import Line, Section
from meetings.models import ActionItem, Decision, Invitation, Meeting, Presence
from meetings.participation import COUNTED_OVER
from members.mentions import Mentions
from members.models import Mandate, MembershipChange, Presidency
from members.offices import ended_on, president_on, presidents_of, seats
from members.register import Period, membership_words, periods
from workinggroups.models import GroupRole, ParticipationChange, Topic, TopicStatus, TopicSupport, WorkingGroup

MOST_TEXT = 150  # characters of a text: the page that a line leads to has all of it


def membership(subject: Subject) -> Section:
    """Since when it is what it is, and how it came to that; what it was before."""
    spells = subject.membership[::-1]
    return Section(
        "membership",
        _("In the network"),
        lead="" if spells else _("The register tells nothing of it by this day."),
        lines=[_spell_line(spell, subject) for spell in spells],
        most=4,
        url=f"{subject.organisation.get_absolute_url()}#membership",
    )


def _spell_line(spell: Period[MembershipChange], subject: Subject) -> Line:
    change = spell.change
    words = membership_words(change) if spell.until is None else f"{change.get_status_display()}, {spell.words}"
    doubt = change.get_certainty_display() if change.is_doubtful else ""
    founding = change.get_founding_display() if change.founding else ""
    note = "; ".join(filter(None, [founding, change.how, doubt]))
    return Line(capfirst(words), _short(note), url=f"{subject.organisation.get_absolute_url()}#membership")


def offices(subject: Subject) -> Section:
    """The presidencies that it held, with their presidents, and its seats on the Executive Board."""
    city, day = subject.organisation, subject.day
    terms = Presidency.objects.visible_to(EVERYBODY).with_end().filter(city=city, started_on__lte=day)
    lines = [
        _term_line(term)
        for term in terms.select_related("city").prefetch_related("office_changes__person").order_by("-started_on")
    ]
    sat = seats(city.board_seat_changes.filter(latest__lte=day).select_related("city"))
    url = f"{city.get_absolute_url()}#offices"
    lines += [Line(_("Executive Board, %(days)s") % {"days": seat.words}, _short(seat.change.how), url=url) for seat in sat[::-1]]  # fmt: skip
    return Section("offices", _("Offices held"), lines=lines, most=5, url=url)


def _term_line(term: Presidency) -> Line:
    start, end = date_format(term.started_on, "j F Y"), ended_on(term)
    days = _("since %(start)s") if end is None else _("%(start)s to %(end)s")
    said = days % {"start": start, "end": date_format(end, "j F Y") if end else ""}
    people = ", ".join(str(holder.change.person) for holder in presidents_of(term) if holder.change.person)
    return Line(_("Presidency, %(days)s") % {"days": said}, people, url=term.get_absolute_url())


def groups(subject: Subject) -> Section:
    """The working groups in which it takes part, as what, and who sits there for it."""
    logs: dict[WorkingGroup, list[ParticipationChange]] = defaultdict(list)
    for change in subject.organisation.group_changes.filter(latest__lte=subject.day).select_related("group"):
        logs[change.group].append(change)
    last = {group: periods(log)[-1] for group, log in logs.items()}
    held = {group: spell for group, spell in last.items() if spell.change.role != GroupRole.LEFT}
    named, for_all = _seated(subject)
    listed = sorted({*held, *named}, key=lambda group: (group.order, group.name, group.pk))
    lines = [_group_line(group, held.get(group), named.get(group, [])) for group in listed]
    everywhere = [Line(_("In all of these: %(people)s") % {"people": "; ".join(for_all)})] if for_all and held else []
    return Section("groups", _("Working groups and who sits there"), lines=[*everywhere, *lines], most=12)


def _seated(subject: Subject) -> tuple[dict[WorkingGroup, list[str]], list[str]]:
    """Who is named for which group, and who, being named for none, sits in all (`workinggroups.rights.groups_of`)."""
    named: dict[WorkingGroup, list[str]] = defaultdict(list)
    for_all: list[str] = []
    mandates = Mandate.objects.on(subject.day).filter(organisation=subject.organisation).select_related("person")
    for mandate in mandates.prefetch_related("group_seats__group").order_by("person__name", "pk"):
        said = f"{mandate.person}, {mandate.get_role_display()}"
        own = mandate.group_seats.all()
        for seat in own:
            named[seat.group].append(said)
        if not own:
            for_all.append(said)
    return named, for_all


def _group_line(group: WorkingGroup, spell: Period[ParticipationChange] | None, people: list[str]) -> Line:
    role = f"{spell.change.get_role_display()}, {spell.words}" if spell else _("taking part is not on record")
    return Line(f"{group.name}: {'; '.join(people)}" if people else group.name, role, url=group.get_absolute_url())


def attendance(subject: Subject) -> Section:
    """At how many meetings of the last months it was, and what the ledger says of each."""
    record = subject.record
    number = len(record.meetings)
    lead = ngettext(
        "Of %(number)d meeting in the last %(months)d months that concerned it: present at %(present)d.",
        "Of %(number)d meetings in the last %(months)d months that concerned it: present at %(present)d.",
        number,
    )
    words = {"number": number, "months": MONTHS, "present": record.count(Presence.PRESENT)}
    lines = [
        Line(own.meeting.title, own.label, own.meeting.days, own.meeting.get_absolute_url()) for own in record.meetings
    ]
    figures = [(label, number) for _outcome, label, number in record.counts] if lines else []
    return Section("attendance", _("Attendance"), lead % words, lines, most=10, is_aside=True, figures=figures)


def actions(subject: Subject) -> Section:
    """What it has still to do, and by when; what is overdue first."""
    owned = ActionItem.objects.of_organisation(subject.organisation).still_open().select_related("meeting")
    lines = [
        Line(
            _short(action.text),
            action.meeting.title,
            _due(action, subject),
            reverse("my:action", args=[action.pk]),
            is_late=action.is_overdue(subject.day),
            staff_url=reverse("admin:meetings_actionitem_change", args=[action.pk]),
        )
        for action in owned
    ]
    return Section("actions", _("Open actions"), "" if lines else _("Nothing is to be done."), lines, most=8)


def _due(action: ActionItem, subject: Subject) -> str:
    if action.due_on is None:
        return _("no day set")
    day = date_format(action.due_on, "j F Y")
    said = _("overdue since %(day)s") if action.is_overdue(subject.day) else _("due %(day)s")
    return said % {"day": day}


def topics(subject: Subject) -> Section:
    """The open topics that it proposed or supports, which everybody may see."""
    city = subject.organisation
    supported = TopicSupport.objects.public().filter(organisation=city).order_by().values("topic")
    mine = Q(proposal__organisation=city) | Q(pk__in=supported)
    table = Topic.objects.visible_to(EVERYBODY).filter(mine, status=TopicStatus.OPEN)
    lines = [
        Line(
            topic.title,
            _("proposed by it") if _proposer(topic) == city.pk else _("supports it"),
            url=topic.get_absolute_url(),
        )
        for topic in table.select_related("proposal").order_by("title", "pk")
    ]
    return Section("topics", _("Topics it brought or supports"), lines=lines, most=6)


def _proposer(topic: Topic) -> int | None:
    proposal = getattr(topic, "proposal", None)
    return proposal.organisation_id if proposal else None


def decisions(subject: Subject) -> Section:
    """Public decisions of the latest meetings that name it, or from whose agenda item it has something to do."""
    latest = Meeting.objects.visible_to(EVERYBODY).that_took_place().filter(last_day__lte=subject.day)
    keys = list(latest.order_by("-start_on", "-pk").values_list("pk", flat=True)[:COUNTED_OVER])
    owned = ActionItem.objects.of_organisation(subject.organisation).filter(item__isnull=False).order_by()
    items = set(owned.values_list("item", flat=True))
    mentions = Mentions(subject.organisation)
    taken = Decision.objects.visible_to(EVERYBODY).filter(meeting__in=keys).select_related("meeting")
    lines = [
        Line(_short(decision.text), decision.meeting.title, decision.meeting.days, decision.meeting.get_absolute_url())
        for decision in taken.order_by("-meeting__start_on", "order", "pk")
        if decision.item_id in items or mentions.stand_in(decision.text)
    ]
    return Section("decisions", _("Decisions that name it"), lines=lines, most=6, is_aside=True)


def dates(subject: Subject) -> Section:
    """The next meetings of the network, with what it answered where it is invited."""
    coming = Meeting.objects.visible_to(EVERYBODY).upcoming(subject.day).select_related("host_city")[:30]
    meetings = list(coming.defer("report", "search"))
    asked = Invitation.objects.filter(organisation=subject.organisation, meeting__in=meetings)
    answers = {one.meeting_id: one for one in asked}
    lines = [
        Line(each.title, _place(each, answers.get(each.pk)), each.days, each.get_absolute_url()) for each in meetings
    ]
    lead = "" if lines else _("No meeting is announced.")
    return Section("dates", _("Next dates"), lead, lines, most=5, is_aside=True)


def _place(meeting: Meeting, invitation: Invitation | None) -> str:
    where = str(meeting.host_city or meeting.place or meeting.get_mode_display())
    answer = ""
    if invitation:
        answer = invitation.get_coming_display() if invitation.is_answered else _("invited, not answered yet")
    return ", ".join(filter(None, [where, answer]))


def presidency(subject: Subject) -> Section:
    """Who presides on the day, and when the next handover is."""
    term = Presidency.objects.visible_to(EVERYBODY).with_end().select_related("city").on(subject.day)
    holder = president_on(subject.day)
    lines = []
    if term:
        said = _("%(city)s presides since %(day)s") % {"city": term.city, "day": date_format(term.started_on, "j F Y")}
        lines.append(Line(said, str(holder.change.person) if holder else "", url=term.get_absolute_url()))
    lines.append(_handover_line(subject))
    return Section("presidency", _("Presidency of the network"), lines=lines, most=4, is_aside=True)


def _handover_line(subject: Subject) -> Line:
    """The next handover on record, else the next summit announced, else that neither is."""
    following = Presidency.objects.visible_to(EVERYBODY).filter(started_on__gt=subject.day).select_related("city")
    term = following.order_by("started_on").first()
    if term:
        said = _("Next handover on %(day)s, to %(city)s")
        day = date_format(term.started_on, "j F Y")
        return Line(said % {"day": day, "city": term.city}, url=term.get_absolute_url())
    summit = Meeting.objects.visible_to(EVERYBODY).upcoming(subject.day).filter(kind="summit").first()
    if summit:
        said = _("Next summit: %(days)s; no successor is on record yet")
        return Line(said % {"days": summit.days}, url=summit.get_absolute_url())
    return Line(_("The next handover is not on record yet."), url=reverse("members:presidency_list"))


def _short(text: str) -> str:
    return Truncator(text).chars(MOST_TEXT)


SECTIONS: tuple[Callable[[Subject], Section], ...] = (
    membership, offices, groups, actions, topics, presidency, dates, attendance, decisions,
)  # fmt: skip
