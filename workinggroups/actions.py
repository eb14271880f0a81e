"""What delegates and coordinators do with topics: propose, take on, decline, change, support."""

import datetime as dt
import hashlib
import itertools
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from members.history import acting, lock
from members.models import Organisation, User
from members.names import search_text
from workinggroups.models import Topic, TopicProposal, TopicStatus, TopicSupport, WorkingGroup
from workinggroups.rights import may_edit_topic, may_propose, supporting


@dataclass(frozen=True)
class Proposed:
    """What somebody proposes: a title, why, what is wanted of the group, and links, one a line."""

    title: str
    why: str
    wanted: str = ""
    links: str = ""


class StaleTopic(Exception):
    """Somebody else changed the topic meanwhile; `topic` is as it stands now."""

    def __init__(self, topic: Topic) -> None:
        super().__init__(str(topic))
        self.topic = topic


@transaction.atomic
def propose_topic(group: WorkingGroup, organisation: Organisation, proposed: Proposed, *, by: User) -> Topic:
    """Propose a topic to a group; its organisation is the first to support it.

    Raises PermissionDenied when nobody sits in the group by `by` for that organisation, ValidationError when the group has
    such a title.
    """
    if not may_propose(by, group, organisation):
        raise PermissionDenied
    topic = Topic(
        title=proposed.title.strip(), group=group, status=TopicStatus.PROPOSED, slug=free_slug(proposed.title)
    )
    topic.status_since = timezone.localdate()
    topic.full_clean()
    with acting(user=by):
        topic.save()
        texts = {"why": proposed.why.strip(), "wanted": proposed.wanted.strip(), "links": proposed.links.strip()}
        TopicProposal.objects.create(topic=topic, organisation=organisation, by=by, **texts)
        TopicSupport.objects.create(topic=topic, organisation=organisation, by=by)
    return topic


def free_slug(title: str) -> str:
    """Give the last part of an address that no topic has."""
    plain = slugify(search_text(title))[:100] or "topic"
    ways = itertools.chain([plain], (f"{plain}-{number}" for number in itertools.count(2)))
    return next(way for way in ways if not Topic.objects.filter(slug=way).exists())


@transaction.atomic
def change_topic(topic: Topic, changes: dict[str, Any], *, shown: str, by: User) -> Topic:
    """Change title, description, status and reason of a topic; taking on and declining a proposal are such changes.

    `shown` is the `state_of` the topic that the page bore. Raises PermissionDenied, StaleTopic, or ValidationError when a
    rule is broken.
    """
    lock(Topic, topic.pk)
    topic = Topic.objects.select_related("group").get(pk=topic.pk)
    if not may_edit_topic(by, topic):
        raise PermissionDenied
    if state_of(topic) != shown:
        raise StaleTopic(topic)
    status = topic.status
    for name, value in changes.items():
        setattr(topic, name, value)
    if topic.status != status:
        topic.status_since = timezone.localdate()
    topic.full_clean()
    with acting(user=by):
        topic.save()
    return topic


def state_of(topic: Topic) -> str:
    """Name what a topic holds of what is changed on its page; another name after every change of it."""
    return f"{topic.status}-{hash_of(topic.title, topic.description, topic.status_reason)}"


def hash_of(*texts: str) -> str:
    """Give a short name for some texts."""
    return hashlib.sha256(repr(texts).encode()).hexdigest()[:16]


@transaction.atomic
def support(topic: Topic, organisation: Organisation, *, by: User, day: dt.date | None = None) -> TopicSupport:
    """Let an organisation support a topic, once; doing so again changes nothing. Raises PermissionDenied."""
    lock(Topic, topic.pk)
    _refuse_stranger(topic, organisation, by)
    line = TopicSupport.objects.filter(topic=topic, organisation=organisation).first()
    if line and line.withdrawn_on is None:
        return line
    line = line or TopicSupport(topic=topic, organisation=organisation)
    line.since, line.withdrawn_on, line.by = day or timezone.localdate(), None, by
    with acting(user=by):
        line.save()
    return line


@transaction.atomic
def withdraw_support(topic: Topic, organisation: Organisation, *, by: User) -> None:
    """End an organisation's support today. Raises PermissionDenied; ValidationError when it gave none."""
    lock(Topic, topic.pk)
    _refuse_stranger(topic, organisation, by)
    line = TopicSupport.objects.standing().filter(topic=topic, organisation=organisation).first()
    if line is None:
        raise ValidationError(_("%(city)s does not support this topic.") % {"city": organisation})
    line.withdrawn_on, line.by = timezone.localdate(), by
    with acting(user=by):
        line.save()


def _refuse_stranger(topic: Topic, organisation: Organisation, by: User) -> None:
    if not supporting(by, Topic.objects.select_related("group").get(pk=topic.pk)).filter(pk=organisation.pk).exists():
        raise PermissionDenied
