"""Write what a report tells, in one transaction, or nothing; and take it back."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.actions import record_attendance
from meetings.models import Attendance, Delegate, Meeting, ParticipantReport, Presence, RememberedMatch, Session
from meetings.reports.evidence import NOBODY
from meetings.reports.ledger import ONLINE, Presented, Row
from meetings.reports.plan import Entry, Plan, plan_of
from members.history import RestoreRefused, acting, lock, undo
from members.models import Change, User
from members.models.changes import Action, place_of


class NotApplied(Exception):
    """Nothing was written. `plan` is what would happen now, with what was chosen."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


class Overtaken(NotApplied):
    """The ledger, the register or earlier decisions changed since the preview."""


class Undecided(NotApplied):
    """Somebody is still to be decided."""


class Unseen(NotApplied):
    """A choice has a meaning that was not shown yet: a name that was typed, or a contradiction that it brings."""


class AlreadyRecorded(NotApplied):
    """What this report tells stands in the ledger; it has to be taken back before it can be recorded otherwise."""


def keep_report(report: ParticipantReport, *, by: User) -> tuple[ParticipantReport, bool]:
    """Keep an uploaded file with its meeting, once: the same file again is the report that is there already.

    Gives the report, and whether it is new. A report that is not in the ledger takes the zone and program chosen now.
    """
    with transaction.atomic():
        lock(Meeting, report.meeting_id)
        report.uploaded_by = by
        known = _same_file(report)
        if known is None:
            report.save()
            return report, True
        if not known.is_recorded:
            known.timezone, known.channel = report.timezone, report.channel
            known.save(update_fields=["timezone", "channel"])
    return known, False


def _same_file(report: ParticipantReport) -> ParticipantReport | None:
    digest = report.digest_of_file()
    return ParticipantReport.objects.filter(meeting=report.meeting_id, session=report.session_id, sha256=digest).first()


def apply(report: ParticipantReport, sent: Mapping[str, str], *, by: User) -> Plan:
    """Record what the preview showed, with what was decided in it.

    Takes what the form sent: the digest of what was shown, the decisions, and the contradictions that were shown. Gives the
    plan as it was written. Raises a NotApplied, with nothing written.
    """
    try:
        with transaction.atomic():
            return _apply(report, sent, by=by)
    except IntegrityError as error:
        # A row came in by a page that does not lock the meeting: what was shown is no longer so.
        raise Overtaken(plan_of(report, sent)) from error


def _apply(report: ParticipantReport, sent: Mapping[str, str], *, by: User) -> Plan:
    lock(Meeting, report.meeting_id)
    if report.session_id:
        lock(Session, report.session_id)
    fresh = (
        ParticipantReport.objects.select_for_update(of=("self",)).select_related("meeting", "session").get(pk=report.pk)
    )
    plan = plan_of(fresh, sent)
    _check(fresh, plan, sent)
    if not plan.does_something and not plan.to_remember:
        return plan
    _remember(plan.to_remember, by=by)
    with acting(user=by, reason=_reason(fresh), own_batch=True) as writer:
        for row in plan.rows:
            _write(fresh, row, by=by)
    if plan.does_something:
        fresh.batch, fresh.undone_at = writer.batch, None
        fresh.applied_at, fresh.applied_by = timezone.now(), by
        fresh.outcome = outcome_of(plan)
        fresh.save(update_fields=["batch", "undone_at", "applied_at", "applied_by", "outcome"])
    return plan


def _check(report: ParticipantReport, plan: Plan, sent: Mapping[str, str]) -> None:
    if plan.digest != sent.get("digest"):
        raise Overtaken(plan)
    if plan.undecided:
        raise Undecided(plan)
    if report.is_recorded and plan.does_something:
        raise AlreadyRecorded(plan)
    shown = set(filter(None, sent.get("contradicted", "").split(",")))
    if plan.has_typed or not shown.issuperset(map(str, plan.contradicted)):
        raise Unseen(plan)


def _reason(report: ParticipantReport) -> str:
    return f"participant report {report.file_name}"[:300]


def _write(report: ParticipantReport, row: Row, *, by: User) -> None:
    stored = row.stored
    if stored is None or row.is_changed:
        stored = stored or Attendance(
            meeting=report.meeting, session=report.session, organisation=row.organisation, channel=report.channel
        )
        stored.presence, stored.mode = Presence.PRESENT, ONLINE
        stored.arrived_at, stored.left_at = row.arrived, row.left
        record_attendance(stored, by=by)
    for one in row.new_people:
        _fill(Delegate(attendance=stored, name=one.name, email=one.email), one)
    for delegate, one in row.changed_people:
        _fill(delegate, one)


def _fill(delegate: Delegate, one: Presented) -> None:
    delegate.joined_at, delegate.left_at, delegate.minutes = one.joined, one.left, one.minutes
    delegate.person_id = one.person
    delegate.save()


def _remember(entries: Iterable[Entry], *, by: User) -> None:
    """Keep what a person decided, for the next report. What was left out this time only is not kept, nor is a device."""
    for entry in entries:
        one = entry.participant
        known = RememberedMatch.objects.filter(key=one.key, email=one.email).first()
        match = known or RememberedMatch(name=one.name if one.key else "", email=one.email)
        match.organisation, match.decided_by, match.decided_at = entry.organisation, by, timezone.now()
        match.save()


def outcome_of(plan: Plan) -> dict[str, Any]:
    """Give what is told after recording: every organisation with its people, and who was left out."""
    rows = [
        {
            "organisation": row.organisation.name,
            "state": row.state,
            "people": [{"name": one.name, "minutes": one.minutes} for one in row.presented],
            "contradiction": row.contradiction,
        }
        for row in plan.rows
    ]
    left_out = [{"name": entry.participant.name, "is_nobody": entry.chosen == NOBODY} for entry in plan.left_out]
    return {"rows": rows, "left_out": left_out}


def take_back(report: ParticipantReport, *, by: User) -> int:
    """Take back what a report wrote: rows that it added go, others are as before, as new changes of the history.

    Gives the number of records. Raises RestoreRefused, with nothing changed, when somebody changed one of them since.
    """
    with transaction.atomic(), acting(user=by):
        lock(Meeting, report.meeting_id)
        fresh = ParticipantReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not fresh.is_recorded or fresh.batch is None:
            raise RestoreRefused([_("This report is not in the ledger.")])
        _refuse_strangers(fresh.batch)
        number = undo(fresh.batch)
        fresh.undone_at = timezone.now()
        fresh.save(update_fields=["undone_at"])
    return number


def _refuse_strangers(batch: uuid.UUID) -> None:
    """A row does not go while it holds people whom somebody else has added since."""
    written = Change.objects.filter(batch=batch)
    added = [int(change.key) for change in written.filter(model=Attendance._meta.label_lower, action=Action.CREATED)]
    ours = set(written.filter(model=Delegate._meta.label_lower).values_list("record", flat=True))
    there = Delegate.objects.filter(attendance__in=added).order_by("pk")
    strangers = [str(one) for one in there if place_of(Delegate, one.pk) not in ours]
    if strangers:
        raise RestoreRefused(
            [_("Others were added to its rows since: %(names)s.") % {"names": ", ".join(strangers[:5])}]
        )
