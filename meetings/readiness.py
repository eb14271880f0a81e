"""What a meeting still lacks before it can be announced, and before its page tells of it as held."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.dossier import Dossier
from meetings.models import DatePrecision, Mode

NAMED = 4  # so many are named, the others counted


@dataclass(frozen=True)
class Missing:
    """One thing that is missing, in a sentence; `anchor` names the part of the workspace where it is mended."""

    text: str
    anchor: str


Rule = Callable[[Dossier], Iterator[Missing]]


def missing_to_announce(dossier: Dossier) -> list[Missing]:
    """Give what is missing before those invited can plan to come."""
    return _ask(dossier, (_day, _place, _venue, _summary, _sessions, _times, _agenda, _topics))


def missing_to_publish(dossier: Dossier) -> list[Missing]:
    """Give what is missing before the page tells what happened: who came, what was discussed, how we know."""
    rules = (_outcome, _place, _summary, _nobody, _incomplete, _contradictions, _totals, _no_topics, _topics, _report)
    return _ask(dossier, (*rules, _papers, _sources))


def _ask(dossier: Dossier, rules: tuple[Rule, ...]) -> list[Missing]:
    """A cancelled meeting lacks nothing: what it was to be stays as it is."""
    return [] if dossier.meeting.is_cancelled else [missing for rule in rules for missing in rule(dossier)]


# --- When and where --------------------------------------------------------------------------------------------------


def _day(dossier: Dossier) -> Iterator[Missing]:
    if dossier.meeting.date_precision != DatePrecision.DAY:
        yield Missing(_("Only the month is known: name the day."), "facts")


def _place(dossier: Dossier) -> Iterator[Missing]:
    meeting = dossier.meeting
    if meeting.mode != Mode.ONLINE and not (meeting.host_city_id or meeting.place):
        yield Missing(_("No place: it is not online, yet neither a host city nor a town is named."), "facts")


def _venue(dossier: Dossier) -> Iterator[Missing]:
    if dossier.meeting.mode != Mode.ONLINE and not dossier.meeting.venue:
        yield Missing(_("No venue: those invited need to know the building."), "facts")


def _sessions(dossier: Dossier) -> Iterator[Missing]:
    if not dossier.sessions:
        yield Missing(_("No session: add at least one, with its time."), "sessions")


def _times(dossier: Dossier) -> Iterator[Missing]:
    if dossier.sessions and not any(session.starts_at for session in dossier.sessions):
        yield Missing(_("No session has a time: calendars show the whole day."), "sessions")


def _agenda(dossier: Dossier) -> Iterator[Missing]:
    if dossier.sessions and not any(session.items.all() for session in dossier.sessions):
        yield Missing(_("No agenda: no session has an item."), "sessions")


# --- What it was about -----------------------------------------------------------------------------------------------


def _summary(dossier: Dossier) -> Iterator[Missing]:
    if not dossier.meeting.summary.strip():
        yield Missing(_("No summary: lists and previews of links have nothing to say."), "facts")


def _topics(dossier: Dossier) -> Iterator[Missing]:
    hidden = dossier.hidden_topics
    if hidden:
        text = ngettext(
            "%(number)d topic is a draft, which the public does not see: %(names)s.",
            "%(number)d topics are drafts, which the public does not see: %(names)s.",
            len(hidden),
        )
        names = _named([topic.title for topic in hidden])
        yield Missing(text % {"number": len(hidden), "names": names}, "topics")


def _no_topics(dossier: Dossier) -> Iterator[Missing]:
    if not dossier.programme.topics:
        yield Missing(_("No topics: the agenda does not say what was discussed."), "topics")


def _report(dossier: Dossier) -> Iterator[Missing]:
    if not dossier.meeting.report.strip():
        yield Missing(_("No report."), "report")


def _papers(dossier: Dossier) -> Iterator[Missing]:
    mentioned = [document for document in dossier.documents if not document.address]
    if mentioned:
        text = ngettext(
            "%(number)d document is only mentioned, without file or address: %(names)s.",
            "%(number)d documents are only mentioned, without file or address: %(names)s.",
            len(mentioned),
        )
        names = _named([document.title for document in mentioned])
        yield Missing(text % {"number": len(mentioned), "names": names}, "documents")


def _sources(dossier: Dossier) -> Iterator[Missing]:
    if not dossier.sources:
        yield Missing(_("No source: say how the network knows."), "facts")


# --- What came of it -------------------------------------------------------------------------------------------------


def _outcome(dossier: Dossier) -> Iterator[Missing]:
    meeting = dossier.meeting
    if not meeting.took_place and not meeting.is_postponed and meeting.is_over:
        status = meeting.get_status_display()
        yield Missing(
            _("Its day has passed and its status is still “%(status)s”: held or cancelled?") % {"status": status},
            "facts",
        )


def _nobody(dossier: Dossier) -> Iterator[Missing]:
    if not dossier.attendance.attendees:
        yield Missing(_("No attendance: nobody is listed."), "attendance")


def _incomplete(dossier: Dossier) -> Iterator[Missing]:
    if dossier.attendance.attendees and not dossier.meeting.attendance_complete:
        yield Missing(_("The list of cities is not marked as complete."), "attendance")


def _contradictions(dossier: Dossier) -> Iterator[Missing]:
    names = [attendee.organisation.name for attendee in dossier.attendance.unsettled]
    if names:
        text = ngettext(
            "Sources contradict each other about %(number)d organisation, and the secretariat has not settled it: %(names)s.",
            "Sources contradict each other about %(number)d organisations, and the secretariat has not settled it: %(names)s.",
            len(names),
        )
        yield Missing(text % {"number": len(names), "names": _named(names)}, "attendance")


def _totals(dossier: Dossier) -> Iterator[Missing]:
    for total in dossier.differing:
        words = {"stated": total.phrase, "counted": total.counted, "who": total.stated_by or _("a source")}  # type: ignore[attr-defined]  # annotated
        yield Missing(_("%(who)s: %(stated)s. The list counts %(counted)d.") % words, "attendance")


def _named(names: list[str]) -> str:
    """Join names; beyond `NAMED`, say how many more."""
    shown, rest = names[:NAMED], len(names) - NAMED
    more = [ngettext("%(number)d more", "%(number)d more", rest) % {"number": rest}] if rest > 0 else []
    return get_text_list([*shown, *more], _("and"))
