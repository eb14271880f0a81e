"""Publishing a meeting's report: on its page, and as a piece of news with which feeds and the search tell of it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.actions import save_meeting
from meetings.closing.freezing import record_of
from meetings.closing.telling import attending, opening, write_report
from meetings.models import Meeting, NewsItem
from meetings.texts import plain_text, sanitise
from members.history import lock, version_of
from members.models import User


def proposed_report(meeting: Meeting) -> str:
    """Give the report that the record tells: as it was frozen last, else as it stands now."""
    return write_report(_record(meeting))


def proposed_summary(meeting: Meeting) -> str:
    """Give one or two sentences for lists and previews."""
    record = _record(meeting)
    number = len(record["cities"])
    return opening(record) if not number else f"{opening(record)} {attending(record).split(':')[0]}."


def _record(meeting: Meeting) -> dict[str, Any]:
    last = meeting.snapshots.last()
    return last.record if last and meeting.is_closed else record_of(meeting)


@transaction.atomic
def publish_report(meeting: Meeting, *, report: str, summary: str, by: User, version: int | None = None) -> NewsItem:
    """Put a report on a meeting's page, and tell of it in the news. Publishing it again corrects both.

    Raises ValidationError while the meeting did not take place, for an empty report, and when the meeting changed since
    `version` was looked at.
    """
    lock(Meeting, meeting.pk)
    if version is not None and version_of(Meeting, meeting.pk) != version:
        raise ValidationError(_("Somebody changed this meeting meanwhile: look at it again. Your text is kept below."))
    meeting = Meeting.objects.get(pk=meeting.pk)
    if not meeting.took_place:
        raise ValidationError(_("The meeting has not been held yet: there is nothing to report."))
    if not plain_text(report):
        raise ValidationError(_("The report is empty: write it, or take the proposed one."))
    meeting.report, meeting.summary = report, summary.strip() or meeting.summary
    save_meeting(meeting, changed={"report", "summary"})
    return _news_of(meeting)


def _news_of(meeting: Meeting) -> NewsItem:
    """Write the piece of news that tells of a meeting's report; it stays the same one however often it is corrected."""
    slug = f"report-{meeting.slug}"[:120]
    item = NewsItem.objects.filter(slug=slug).first() or NewsItem(
        slug=slug, meeting=meeting, published_on=timezone.localdate()
    )
    item.title, item.summary, item.text = meeting.title, meeting.summary, sanitise(meeting.report)
    item.full_clean(exclude=["search"])
    item.save()
    return item
