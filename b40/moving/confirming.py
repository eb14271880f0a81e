"""A person confirms what an import drafted, says what the post leaves open, and publishes it."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from b40.models import ImportedPost
from b40.moving.drafting import Decided
from b40.moving.importing import make_draft
from meetings.actions import save_meeting
from meetings.models import AgendaItem, Meeting, MeetingStatus, NewsItem
from members.history import lock, version_of
from members.models import User
from workinggroups.models import Topic, TopicStatus


class Overtaken(Exception):
    """Somebody changed the draft, or decided on the post, since the page was shown."""


@transaction.atomic
def decide(imported: ImportedPost, decided: Decided) -> Meeting | NewsItem:
    """Make the draft of a post that waits for what it does not tell.

    Takes the days and mode that a person gives. Raises Overtaken when the draft is there already, ValidationError when a
    rule forbids it, such as a last day before the first.
    """
    fresh = ImportedPost.objects.select_for_update().get(pk=imported.pk)
    if fresh.target is not None:
        raise Overtaken
    return make_draft(fresh, decided)


@transaction.atomic
def confirm(imported: ImportedPost, *, by: User, version: int) -> ImportedPost:
    """Note that a person compared the draft with the post and found it right. It stays a draft.

    Takes the draft's version as the page showed it. Raises Overtaken when it changed since.
    """
    fresh = _locked(imported, version)
    fresh.confirmed_at, fresh.confirmed_by = timezone.now(), by
    fresh.save()
    return fresh


@transaction.atomic
def publish(imported: ImportedPost, *, by: User, version: int) -> Meeting | NewsItem:
    """Confirm, and let the public see it: a meeting as held, or announced when it is to come; news under the post's day.

    Draft topics of the meeting are opened with it. Raises Overtaken when the draft changed since the page was shown, and
    ValidationError when a rule of the record is broken.
    """
    fresh = confirm(imported, by=by, version=version)
    if fresh.meeting:
        return _publish_meeting(fresh.meeting)
    item = fresh.news_item
    if item is None:
        raise ValidationError(_("There is no draft of this post: it waits for its date, or its draft was deleted."))
    if item.is_draft:
        item.published_on = fresh.posted_on if fresh.posted_on and fresh.posted_on <= _today() else _today()
        item.full_clean(exclude=["search"])
        item.save()
    return item


def _publish_meeting(meeting: Meeting) -> Meeting:
    if not meeting.is_draft:
        return meeting
    meeting.status = MeetingStatus.HELD if meeting.is_over else MeetingStatus.ANNOUNCED
    meeting.full_clean(exclude=["search"])
    save_meeting(meeting, changed={"status"})
    items = AgendaItem.objects.filter(session__meeting=meeting)
    for topic in Topic.objects.filter(agenda_items__in=items, status=TopicStatus.DRAFT).distinct():
        topic.status = TopicStatus.OPEN
        topic.save()
    return meeting


def version_shown(imported: ImportedPost) -> int:
    """Give the draft's version, which the page carries. Read it before the draft."""
    target = imported.target
    return version_of(type(target), target.pk) if target else 0


def _locked(imported: ImportedPost, version: int) -> ImportedPost:
    fresh = ImportedPost.objects.select_for_update().get(pk=imported.pk)
    if fresh.target is None:
        raise Overtaken
    lock(type(fresh.target), fresh.target.pk)
    if version_shown(fresh) != version:
        raise Overtaken
    fresh.refresh_from_db()
    return fresh


def _today() -> dt.date:
    return timezone.localdate()
