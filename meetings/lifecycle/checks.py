"""What stands in the way of a step, and what is still missing although the step may be taken."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.dossier import Dossier
from meetings.lifecycle.rules import NEEDS_REASON, possible_steps
from meetings.models import Correction, DatePrecision, Meeting, MeetingStatus, Minutes, NoteRevision, Step
from meetings.readiness import Missing, missing_to_announce, missing_to_publish


@dataclass(frozen=True)
class Checks:
    """What refuses a step, and what it is only advised to mend before."""

    refusals: list[Missing] = field(default_factory=list)
    advice: list[Missing] = field(default_factory=list)


def check_step(dossier: Dossier, step: Step, reason: str | None = None) -> Checks:
    """Ask what stands in the way of a step. `reason` is what somebody gave as such; None while nobody was asked."""
    meeting = dossier.meeting
    if step not in possible_steps(meeting):
        words = {"status": meeting.get_status_display()}
        return Checks(
            [Missing(_("The meeting is “%(status)s”: this step cannot be taken from there.") % words, "life")]
        )
    refusals = [missing for rule in RULES.get(step, ()) for missing in rule(dossier)]
    if step in NEEDS_REASON and reason is not None and not reason.strip():
        refusals.append(Missing(_("Say why: the reason is kept, and told to whoever was invited."), "life"))
    refused = {missing.text for missing in refusals}
    return Checks(refusals, [missing for missing in _advice(dossier, step) if missing.text not in refused])


def _advice(dossier: Dossier, step: Step) -> list[Missing]:
    if step == Step.ANNOUNCE:
        return missing_to_announce(dossier)
    if step == Step.CLOSE:
        return [*missing_to_publish(dossier), *_minutes_open(dossier)]
    return missing_to_publish(dossier) if step == Step.HOLD else []


def _minutes_open(dossier: Dossier) -> list[Missing]:
    """What of the minutes would stay out of the record, since nothing in them changes once it is closed."""
    meeting = dossier.meeting
    minutes = Minutes.objects.filter(meeting=meeting).first()
    waiting = Correction.objects.unsettled().filter(minutes__meeting=meeting).count()
    found = []
    if not NoteRevision.objects.of_meeting(meeting).newest().exclude(text="").exists():
        found.append(_("No minutes are written."))
    elif minutes is None or not minutes.is_approved:
        found.append(_("The minutes are not approved: the record would have neither them nor the decisions in them."))
    if waiting:
        text = ngettext(
            "%(number)d correction of the minutes waits for an answer.",
            "%(number)d corrections of the minutes wait for an answer.",
            waiting,
        )
        found.append(text % {"number": waiting})
    return [Missing(text, "minutes") for text in found]


def _day_known(dossier: Dossier) -> list[Missing]:
    if dossier.meeting.date_precision == DatePrecision.DAY:
        return []
    return [Missing(_("Only the month is known: name the day first."), "facts")]


def _day_to_come(dossier: Dossier) -> list[Missing]:
    if not dossier.meeting.is_over:
        return []
    return [Missing(_("Its day has passed: record it as held, or move it first."), "facts")]


def _day_has_come(dossier: Dossier) -> list[Missing]:
    meeting = dossier.meeting
    if meeting.start_on <= _today(meeting):
        return []
    return [Missing(_("Its day is yet to come: %(days)s.") % {"days": meeting.days}, "facts")]


def _no_contradictions(dossier: Dossier) -> list[Missing]:
    number = len(dossier.attendance.unsettled)
    text = ngettext(
        "The attendance of %(number)d organisation is told in contradicting ways: settle it.",
        "The attendance of %(number)d organisations is told in contradicting ways: settle it.",
        number,
    )
    return [Missing(text % {"number": number}, "attendance")] if number else []


def _not_called_off(dossier: Dossier) -> list[Missing]:
    """What was postponed needs another day before it is announced again."""
    meeting = dossier.meeting
    if meeting.status != MeetingStatus.POSTPONED:
        return []
    moved = meeting.steps.filter(step__in=[Step.MOVE, Step.POSTPONE]).last()
    if moved and moved.step == Step.MOVE:
        return []
    return [Missing(_("It was postponed and has no other day yet: move it first."), "life")]


def _today(meeting: Meeting) -> dt.date:
    return timezone.now().astimezone(zoneinfo.ZoneInfo(meeting.timezone)).date()


Rule = Callable[[Dossier], list[Missing]]
RULES: dict[Step, tuple[Rule, ...]] = {
    Step.ANNOUNCE: (_day_known, _day_to_come, _not_called_off),
    Step.START: (_day_has_come,),
    Step.HOLD: (_day_has_come,),
    Step.CLOSE: (_no_contradictions,),
}
