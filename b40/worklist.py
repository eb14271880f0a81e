"""The secretariat's work: what comes next, what is to be confirmed, what is missing or contradictory, who changed what.

Each check gives its first lines and how many there are in all, in a fixed number of queries; each line leads to the
page on which it is mended. Nobody is shown work that is not theirs to do.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from b40.models import ImportedPost
from meetings.models import (
    STANDS,
    ActionItem,
    ActionReport,
    Attendance,
    CheckIn,
    Correction,
    Document,
    Mailing,
    MailingState,
    Meeting,
    MeetingStatus,
    NewsItem,
    StatedTotal,
)
from members.freshness import remembered
from members.models import ErasureRequest, Organisation, Presidency, ProposedChange, Status
from workinggroups.models import ParticipationChange, Topic, TopicStatus, WorkingGroup

if TYPE_CHECKING:
    from members.models import User

ROWS = 5


@dataclass(frozen=True)
class Line:
    """One piece of work: what it is about, what is to be done, and where."""

    title: str
    text: str
    url: str


@dataclass(frozen=True)
class Found:
    """The first lines of a check, and how many there are."""

    lines: list[Line]
    total: int


@dataclass(frozen=True)
class Check:
    """A check; shown to those who may change records of its model."""

    key: str
    heading: Promise
    model: type[Model]
    find: Callable[[dt.date], Found]
    is_kept: bool = True  # whether the answer rests on recorded models alone, and so may be kept until one changes


@dataclass(frozen=True)
class Worklist:
    """A check with what it found."""

    key: str
    heading: str
    lines: list[Line]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


def worklists(user: "User", day: dt.date) -> list[Worklist]:
    """Give the lists with anything to do that a user may do."""
    lists = (_worklist(check, day) for check in CHECKS if may_change(user, check.model))
    return [each for each in lists if each.total]


def may_change(user: "User", model: type[Model]) -> bool:
    """Whether a user may change records of a model in the admin."""
    opts = model._meta
    return admin.site.is_registered(model) and user.has_perm(f"{opts.app_label}.change_{opts.model_name}")


def _worklist(check: Check, day: dt.date) -> Worklist:
    question = ("worklist", check.key, day, get_language())
    found = remembered(question, lambda: check.find(day)) if check.is_kept else check.find(day)
    return Worklist(check.key, str(check.heading), found.lines, found.total)


def _found(rows: QuerySet[Any], line: Callable[[Any], Line]) -> Found:
    """Two queries, and those that the rows prefetch."""
    return Found([line(row) for row in rows[:ROWS]], rows.count())


def _change_url(record: Model) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])


def _workspace_url(meeting: int, part: str = "") -> str:
    address = reverse("admin:meetings_meeting_workspace", args=[meeting])
    return f"{address}#{part}" if part else address


# --- What comes next, and what waits for a word ----------------------------------------------------------------------


def next_meetings(day: dt.date) -> Found:
    """Announced meetings that are not over."""
    return _found(Meeting.objects.upcoming(day).select_related("host_city"), _meeting_line)


def draft_meetings(day: dt.date) -> Found:
    """Meetings that nobody but staff sees."""
    drafts = Meeting.objects.filter(status=MeetingStatus.DRAFT).select_related("host_city")
    return _found(drafts.order_by("-start_on", "-pk"), _meeting_line)


def draft_news(day: dt.date) -> Found:
    """Pieces of news without a day of publication."""
    drafts = NewsItem.objects.filter(published_on__isnull=True).order_by("-pk")
    return _found(drafts, lambda news: Line(news.title, str(news.get_kind_display()), _change_url(news)))


def draft_topics(day: dt.date) -> Found:
    """Topics that the public does not see."""
    drafts = Topic.objects.filter(status=TopicStatus.DRAFT).select_related("group").order_by("-pk")
    return _found(
        drafts, lambda topic: Line(topic.title, str(topic.group or _("The whole network")), _change_url(topic))
    )


def proposed_topics(day: dt.date) -> Found:
    """Topics that delegates proposed and nobody has answered, the oldest first."""
    proposed = Topic.objects.proposed().with_support().select_related("group", "proposal__organisation")
    return _found(proposed.order_by("status_since", "pk"), _proposal_line)


def _proposal_line(topic: Topic) -> Line:
    """As in "Local Climate Action · proposed by Skopje · 3 support it"."""
    support: int = topic.support  # type: ignore[attr-defined]  # annotated
    backed = ngettext("%(number)d supports it", "%(number)d support it", support) % {"number": support}
    proposal = getattr(topic, "proposal", None)
    by = _("proposed by %(city)s") % {"city": proposal.organisation} if proposal else ""
    return Line(topic.title, " · ".join(filter(None, [str(topic.group), by, backed])), _change_url(topic))


def proposed_changes(day: dt.date) -> Found:
    """What organisations would have changed on their pages, the oldest proposal first."""
    waiting = ProposedChange.objects.waiting().select_related("organisation", "proposed_by__person")
    return _found(waiting.order_by("proposed_at"), _proposed_change_line)


def _proposed_change_line(proposal: ProposedChange) -> Line:
    """As in "3 fields, proposed on 3 May 2026 by Maria"."""
    number = len(proposal.fields)
    text = ngettext(
        "%(number)d field, proposed on %(day)s by %(who)s", "%(number)d fields, proposed on %(day)s by %(who)s", number
    )
    day = date_format(timezone.localdate(proposal.proposed_at), "j F Y")
    said = text % {"number": number, "day": day, "who": proposal.proposer}
    return Line(proposal.organisation.name, said, _change_url(proposal))


def papers_to_publish(day: dt.date) -> Found:
    """Papers that organisations handed in and wish to be public."""
    wishing = Document.objects.wishing_to_be_public().select_related("meeting", "handed_in_by").order_by("pk")
    text = _("%(city)s wishes it to be public")
    return _found(wishing, lambda paper: Line(paper.title, text % {"city": paper.handed_in_by}, _change_url(paper)))


def reports_to_confirm(day: dt.date) -> Found:
    """Owners' words that an action is done, the oldest first."""
    waiting = ActionReport.objects.waiting().select_related("action", "organisation").order_by("at", "pk")
    text = _("%(city)s reports it as done: confirm it, or give it back")
    return _found(waiting, lambda each: Line(each.action.text, text % {"city": each.organisation}, _change_url(each)))


def posts_to_confirm(day: dt.date) -> Found:
    """Posts of the former site whose draft nobody has confirmed, or that wait for what they do not tell."""
    has_draft = Q(meeting__isnull=False) | Q(news_item__isnull=False)
    waits = Q(made_at__isnull=True, meeting__isnull=True, news_item__isnull=True)
    posts = ImportedPost.objects.filter((has_draft & Q(made_at__isnull=False)) | waits, confirmed_at__isnull=True)
    return _found(
        posts.order_by("-posted_on", "-pk"),
        lambda post: Line(post.title, _("compare it with its post"), _change_url(post)),
    )


def mailings_to_look_at(day: dt.date) -> Found:
    """Mailings that wait for a person, and those of the last month of which letters failed."""
    waits = Q(state__in=[MailingState.PREPARED, MailingState.PAUSED], left__gt=0)
    went_wrong = Q(failed__gt=0, released_at__date__gte=day - dt.timedelta(days=30))
    rows: QuerySet[Any] = Mailing.objects.with_progress()
    return _found(rows.filter(waits | went_wrong), _mailing_line)


def _mailing_line(mailing: Any) -> Line:
    said = str(mailing.get_state_display())
    if mailing.failed:
        number = {"number": mailing.failed}
        said += " · " + ngettext("%(number)d letter failed", "%(number)d letters failed", mailing.failed) % number
    return Line(mailing.title, said, _change_url(mailing))


def _meeting_line(meeting: Meeting) -> Line:
    place = meeting.host_city.name if meeting.host_city else meeting.place or str(meeting.get_mode_display())
    return Line(meeting.title, f"{meeting.days} · {place}", _workspace_url(meeting.pk))


# --- What is missing -------------------------------------------------------------------------------------------------


def cities_without_place(day: dt.date) -> Found:
    """Members of today without a country or without coordinates: they are missing from lists by country and from maps."""
    members = Organisation.objects.holding(day, Status.MEMBER)
    return _found(members.filter(Q(country__isnull=True) | Q(latitude__isnull=True)).order_by("key", "pk"), _city_line)


def _city_line(city: Organisation) -> Line:
    if city.country_id is None:
        text = _("without country and coordinates") if city.latitude is None else _("without country")
    else:
        text = _("without coordinates: no map shows it")
    return Line(city.name, text, _change_url(city))


def meetings_past_their_day(day: dt.date) -> Found:
    """Meetings still announced although their last day has passed."""
    passed = Meeting.objects.filter(status__in=STANDS, last_day__lt=day, date_precision="day")
    text = _("%(days)s is over: was it held or cancelled?")
    return _found(
        passed.order_by("-start_on", "-pk"),
        lambda meeting: Line(meeting.title, text % {"days": meeting.days}, _change_url(meeting)),
    )


def held_without_attendance(day: dt.date) -> Found:
    """Meetings that were held, of which the ledger names nobody, unless it is marked as complete all the same."""
    named = Attendance.objects.filter(meeting=OuterRef("pk"))
    empty = Meeting.objects.that_took_place().filter(~Exists(named), attendance_complete=False)
    return _found(
        empty.order_by("-start_on", "-pk"),
        lambda meeting: Line(
            meeting.title, f"{meeting.days} · {_('nobody is listed')}", _workspace_url(meeting.pk, "attendance")
        ),
    )


def groups_without_anybody(day: dt.date) -> Found:
    """Working groups in which no organisation takes part today."""
    taking_part = ParticipationChange.objects.on(day).values("group")
    groups = WorkingGroup.objects.exclude(pk__in=taking_part).order_by("order", "name")
    return _found(groups, lambda group: Line(group.name, _("nobody takes part in it"), _change_url(group)))


def presidency_without_successor(day: dt.date) -> Found:
    """The presidency in office, when its term is older than a year and no later one is on record. One query."""
    last = Presidency.objects.select_related("city").order_by("-started_on").first()
    if last is None or day < _a_year_after(last.started_on):
        return Found([], 0)
    since = _("in office since %(day)s, a year and more; no successor is on record")
    text = since % {"day": date_format(last.started_on, "j F Y")}
    return Found([Line(str(last), text, _change_url(last))], 1)


def _a_year_after(day: dt.date) -> dt.date:
    """The same day a year later; 28 February for 29 February."""
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


# --- What was asked and waits -----------------------------------------------------------------------------------------


def overdue_actions(day: dt.date) -> Found:
    """Open actions whose day has passed, the longest overdue first."""
    overdue = ActionItem.objects.overdue(day).prefetch_related("owners")
    return _found(overdue, lambda action: Line(action.text, _overdue(action), _change_url(action)))


def _overdue(action: ActionItem) -> str:
    """As in "Sofia, Skopje · open, due 3 May 2026"."""
    return " · ".join([*filter(None, [", ".join(map(str, action.owners.all()))]), action.standing])


def corrections_to_settle(day: dt.date) -> Found:
    """Corrections of circulated minutes without an answer."""
    waiting = Correction.objects.unsettled().select_related("organisation", "minutes__meeting")
    return _found(waiting.order_by("received_at", "pk"), _correction_line)


def _correction_line(correction: Correction) -> Line:
    meeting = correction.minutes.meeting
    page = reverse("admin:meetings_meeting_minutes", args=[meeting.pk])
    text = _("%(who)s asks for a correction of the minutes") % {"who": correction.organisation}
    return Line(meeting.title, text, f"{page}#corrections")


# --- What contradicts itself -----------------------------------------------------------------------------------------


def totals_that_differ(day: dt.date) -> Found:
    """Stated totals that the ledger contradicts, newest meeting first."""
    totals = StatedTotal.objects.differing().select_related("meeting").order_by("-meeting__start_on", "pk")
    return _found(totals, _total_line)


def _total_line(total: StatedTotal) -> Line:
    counted: int = total.counted  # type: ignore[attr-defined]  # annotated
    said = {"stated": total.phrase, "who": total.stated_by or _("a source"), "counted": counted}
    text = _("%(who)s: %(stated)s; the list counts %(counted)d")
    if total.meeting.attendance_complete:
        text = _(
            "%(who)s: %(stated)s; the list counts %(counted)d and is marked as complete. Mark the total as disputed if it is wrong"
        )
    return Line(total.meeting.title, text % said, _change_url(total))


def contradicting_attendance(day: dt.date) -> Found:
    """Organisations about which sources contradict each other, and the secretariat has not settled it."""
    rows = Attendance.objects.unsettled().order_by("-meeting", "session", "organisation")
    first = list(rows[:ROWS])
    meetings = Meeting.objects.in_bulk({row["meeting"] for row in first})
    organisations = Organisation.objects.in_bulk({row["organisation"] for row in first})
    text = _("sources contradict each other: say which is right")
    lines = [
        Line(f"{organisations[row['organisation']]} · {meetings[row['meeting']]}", text, _contradiction_url(row))
        for row in first
    ]
    return Found(lines, rows.count())


def _contradiction_url(scope: dict[str, int | None]) -> str:
    page = reverse("admin:meetings_meeting_contradictions", args=[scope["meeting"]])
    return f"{page}#about-{scope['organisation']}-{scope['session'] or 0}"


def check_ins_to_confirm(day: dt.date) -> Found:
    """Those who checked in by the code in the room from an address that is no contact's."""
    waiting = CheckIn.objects.waiting().select_related("organisation", "session__meeting").order_by("-pk")
    return _found(waiting, lambda each: Line(str(each), str(each.session.meeting), _desk_url(each.session.meeting_id)))


def _desk_url(meeting: int) -> str:
    return f"{reverse('admin:meetings_meeting_desk', args=[meeting])}?open=check-ins"


def people_to_erase(day: dt.date) -> Found:
    """Those who asked to be erased; the law gives a month to answer."""
    waiting = ErasureRequest.objects.waiting().select_related("person").order_by("asked_at", "pk")
    text = _("asked on %(day)s to be erased")

    def line(asked: ErasureRequest) -> Line:
        day = date_format(timezone.localtime(asked.asked_at), "j F Y")
        return Line(str(asked.person), text % {"day": day}, _change_url(asked))

    return _found(waiting, line)


CHECKS = (
    Check("next", gettext_lazy("Next meetings"), Meeting, next_meetings),
    Check("erasure", gettext_lazy("Who asks to be erased"), ErasureRequest, people_to_erase),
    Check("posts", gettext_lazy("Posts of the former site to confirm"), ImportedPost, posts_to_confirm, is_kept=False),
    Check("mail", gettext_lazy("Mail that waits or failed"), Mailing, mailings_to_look_at, is_kept=False),
    Check("drafts", gettext_lazy("Draft meetings to confirm"), Meeting, draft_meetings),
    Check("draft-news", gettext_lazy("Draft news to publish"), NewsItem, draft_news),
    Check("draft-topics", gettext_lazy("Draft topics to confirm"), Topic, draft_topics),
    Check("proposals", gettext_lazy("Topics proposed"), Topic, proposed_topics),
    Check("pages", gettext_lazy("Changes that cities propose for their pages"), ProposedChange, proposed_changes),
    Check("papers", gettext_lazy("Papers handed in that wish to be public"), Document, papers_to_publish),
    Check("reports", gettext_lazy("Actions reported as done"), ActionReport, reports_to_confirm),
    Check("actions", gettext_lazy("Overdue actions"), ActionItem, overdue_actions),
    Check("corrections", gettext_lazy("Corrections of minutes to settle"), Correction, corrections_to_settle),
    Check("past", gettext_lazy("Announced, and the day has passed"), Meeting, meetings_past_their_day),
    Check("nobody", gettext_lazy("Held, and nobody is listed"), Meeting, held_without_attendance),
    Check("check-ins", gettext_lazy("Check-ins to confirm"), CheckIn, check_ins_to_confirm, is_kept=False),
    Check("contradictions", gettext_lazy("Contradicting attendance"), Attendance, contradicting_attendance),
    Check("totals", gettext_lazy("Stated totals that differ from the list"), StatedTotal, totals_that_differ),
    Check("places", gettext_lazy("Members without country or coordinates"), Organisation, cities_without_place),
    Check("groups", gettext_lazy("Working groups without anybody"), WorkingGroup, groups_without_anybody),
    Check("presidency", gettext_lazy("Presidency without successor"), Presidency, presidency_without_successor),
)
