"""Minutes are circulated, corrected, approved on a day; and reopened, with a reason."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.minutes.copying import written_out
from meetings.minutes.notes import refuse_approved
from meetings.models import AgendaItem, Correction, Meeting, Minutes, NoteRevision
from members.history import acting, lock
from members.models import Organisation, User


@transaction.atomic
def circulate(meeting: Meeting, *, corrections_until: dt.date | None, by: User) -> Minutes:
    """Note that the minutes went out, and until when corrections are asked for; once more when they go out again.

    Raises ValidationError when nothing is written, when they are approved, or when that day has passed.
    """
    minutes = _locked(meeting, by=by)
    refuse_approved(meeting)
    if not NoteRevision.objects.of_meeting(meeting).newest().exclude(text="").exists():
        raise ValidationError(_("No note is written yet: there is nothing to circulate."))
    if corrections_until and corrections_until < timezone.localdate():
        raise ValidationError(_("The last day for corrections has passed already: choose a later one."))
    minutes.circulated_at, minutes.circulated_by, minutes.corrections_until = timezone.now(), by, corrections_until
    minutes.handed_out = written_out(by, meeting)
    return _saved(minutes, by=by)


@transaction.atomic
def approve(meeting: Meeting, *, on: dt.date, by: User) -> Minutes:
    """Note on which day the minutes were approved; from then on nothing in them changes.

    Raises ValidationError when they were not circulated, when a correction waits for an answer, or when the day is to
    come or lies before the meeting.
    """
    minutes = _locked(meeting, by=by)
    refuse_approved(meeting)
    if not minutes.is_circulated:
        raise ValidationError(_("The minutes were not circulated yet: circulate them first."))
    if waiting := minutes.corrections.unsettled().count():
        raise ValidationError(_("Settle the corrections first: %(number)d without an answer.") % {"number": waiting})
    if not meeting.start_on <= on <= timezone.localdate():
        raise ValidationError(_("Minutes are approved on a day between that of the meeting and today."))
    minutes.approved_on, minutes.approved_by, minutes.handed_out = on, by, written_out(by, meeting)
    return _saved(minutes, by=by)


@transaction.atomic
def reopen(meeting: Meeting, *, reason: str, by: User) -> Minutes:
    """Take the approval back, for a reason that the history keeps; the public no longer sees what came of the items.

    Raises ValidationError without a reason, or when the minutes are not approved.
    """
    minutes = _locked(meeting, by=by)
    if not minutes.is_approved:
        raise ValidationError(_("The minutes are not approved: they can be changed as they are."))
    if not reason.strip():
        raise ValidationError(_("Say why the minutes are reopened."))
    minutes.approved_on, minutes.approved_by = None, None
    return _saved(minutes, by=by, reason=reason.strip())


@transaction.atomic
def set_audience(meeting: Meeting, *, audience: str, by: User) -> Minutes:
    """Choose who reads the minutes once they are approved. Raises ValidationError for no known audience."""
    minutes = _locked(meeting, by=by)
    minutes.audience = audience
    return _saved(minutes, by=by)


@transaction.atomic
def record_correction(
    meeting: Meeting, organisation: Organisation, text: str, *, item: AgendaItem | None = None, by: User | None = None
) -> Correction:
    """Keep what an organisation asks to be put differently; `by` is who entered it, None for the organisation itself.

    Raises ValidationError before the minutes are circulated, once they are approved, or without a text.
    """
    minutes = _locked(meeting, by=by)
    refuse_approved(meeting)
    if not minutes.is_circulated:
        raise ValidationError(_("The minutes were not circulated yet: there is nothing to correct."))
    correction = Correction(minutes=minutes, organisation=organisation, item=item, text=text.strip(), recorded_by=by)
    correction.full_clean()
    with acting(user=by):
        correction.save()
    return correction


@transaction.atomic
def settle_correction(correction: Correction, *, outcome: str, answer: str, by: User) -> Correction:
    """Accept or decline a correction. What an accepted one changes is written into the note by a person.

    Raises ValidationError when it is settled already, or declined without an answer.
    """
    lock(Meeting, correction.minutes.meeting_id)
    correction = Correction.objects.select_related("minutes", "item__session").get(pk=correction.pk)
    if correction.settled_at:
        raise ValidationError(_("Somebody settled this correction meanwhile: %(outcome)s.") % {"outcome": correction.get_outcome_display()})  # fmt: skip
    correction.outcome, correction.answer = outcome, answer.strip()
    correction.settled_at, correction.settled_by = timezone.now(), by
    correction.full_clean()
    with acting(user=by):
        correction.save()
    return correction


def _locked(meeting: Meeting, *, by: User | None) -> Minutes:
    """Give the minutes of a meeting, made when asked for first, with nobody else writing in them."""
    lock(Meeting, meeting.pk)
    with acting(user=by):
        return Minutes.objects.get_or_create(meeting=meeting)[0]


def _saved(minutes: Minutes, *, by: User, reason: str = "") -> Minutes:
    minutes.full_clean()
    with acting(user=by, reason=reason):
        minutes.save()
    return minutes
