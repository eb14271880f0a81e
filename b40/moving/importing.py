"""Import posts, and remember what was made of each: the second import of a post changes nothing."""

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from b40.loading.problems import Problem
from b40.models import ImportedPost, OldAddress
from b40.moving.drafting import Decided, draft_meeting, draft_news, missing_for_draft, same_meeting
from b40.moving.finding import Finding
from b40.moving.markup import TooDeep
from b40.moving.reading import Post
from b40.moving.recognition import Known, recognise
from meetings.attendance import who_attended
from meetings.models import Meeting, NewsItem
from members.models import Change, place_of


class Done(StrEnum):
    """What became of a post."""

    DRAFTED = "drafted"
    WAITS = "waits"
    ON_RECORD = "on record"
    UNCHANGED = "unchanged"
    RENEWED = "renewed"
    KEPT = "kept"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Difference:
    """What a post says now, where the record, or the post itself before, says otherwise."""

    name: str
    here: Any
    post: Any


@dataclass(frozen=True)
class Outcome:
    """What became of a post, and where what it says and what stands here differ."""

    done: Done
    imported: ImportedPost
    finding: Finding
    differences: list[Difference] = field(default_factory=list)


class _Undone(Exception):
    """Carries the outcome of a dry run out of the transaction that it undoes."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def import_post(post: Post, known: Known, *, dry_run: bool = False) -> Outcome | Problem:
    """Read a post and write its draft, in one transaction; a dry run writes nothing.

    Takes what the record knows (`Known.read()`, once for all posts). Gives what became of the post, or what is wrong with
    it. A post met before is not imported again: what a person edited, confirmed or discarded stays as it is.
    """
    place = f"post with id {post.post_id}"
    try:
        finding = recognise(post, known)
        with transaction.atomic():
            outcome = _import(post, finding)
            if dry_run:
                raise _Undone(outcome)
            return outcome
    except _Undone as undone:
        return undone.outcome
    except TooDeep as error:
        return Problem(place, str(error))
    except ValidationError as error:
        return Problem(place, f"the record's rules forbid it: {' '.join(error.messages)}")
    except IntegrityError:
        return Problem(place, "somebody imported it at the same moment; nothing was changed by this import")


def _import(post: Post, finding: Finding) -> Outcome:
    earlier = ImportedPost.objects.select_for_update().filter(site=post.site, post_id=post.post_id).first()
    digest = digest_of(post)
    if earlier is None:
        return _import_first(post, finding, digest)
    if earlier.digest == digest:
        return Outcome(_standing(earlier), earlier, finding)
    return _import_again(earlier, post, finding, digest)


def digest_of(post: Post) -> str:
    """Tell one state of a post from another."""
    told = [post.title, post.content, post.link, str(post.posted_on)]
    return hashlib.sha256(json.dumps(told).encode("utf-8", "surrogatepass")).hexdigest()


def _standing(earlier: ImportedPost) -> Done:
    if earlier.target is None:
        return Done.DISCARDED if earlier.made_at else Done.WAITS
    return Done.UNCHANGED


def _import_first(post: Post, finding: Finding, digest: str) -> Outcome:
    imported = ImportedPost(site=post.site, post_id=post.post_id)
    _remember(imported, post, finding, digest)
    meeting = same_meeting(finding)
    if meeting:
        imported.meeting = meeting
        imported.save()
        keep_old_addresses(imported, post.link, post.guid)
        return Outcome(Done.ON_RECORD, imported, finding, differences_from(meeting, finding))
    if missing_for_draft(finding):
        return Outcome(Done.WAITS, imported, finding)
    make_draft(imported, Decided())
    keep_old_addresses(imported, post.link, post.guid)
    return Outcome(Done.DRAFTED, imported, finding)


def _import_again(earlier: ImportedPost, post: Post, finding: Finding, digest: str) -> Outcome:
    """The post was changed on the other site since it was imported."""
    before = finding_of(earlier).as_json()
    changed = [
        Difference(name, before[name], value) for name, value in finding.as_json().items() if before[name] != value
    ]
    is_free = earlier.made_at and earlier.target is not None and is_untouched(earlier)
    _remember(earlier, post, finding, digest)
    if is_free and not missing_for_draft(finding):
        _withdraw(earlier)
        make_draft(earlier, Decided())
        keep_old_addresses(earlier, post.link, post.guid)
        return Outcome(Done.RENEWED, earlier, finding, changed)
    if earlier.target is None and not earlier.made_at and not missing_for_draft(finding):
        make_draft(earlier, Decided())
        keep_old_addresses(earlier, post.link, post.guid)
        return Outcome(Done.DRAFTED, earlier, finding, changed)
    standing = _standing(earlier)
    return Outcome(Done.KEPT if standing == Done.UNCHANGED else standing, earlier, finding, changed)


def _remember(imported: ImportedPost, post: Post, finding: Finding, digest: str) -> None:
    imported.link, imported.title = post.link, (finding.title or post.link or f"{post.site} {post.post_id}")[:300]
    imported.posted_on, imported.digest = post.posted_on, digest
    imported.found = {**finding.as_kept(), "guid": post.guid}
    imported.save()


# --- The draft -------------------------------------------------------------------------------------------------------


def make_draft(imported: ImportedPost, decided: Decided) -> Meeting | NewsItem:
    """Write the draft of what a remembered post tells, with what a person decided. Call it within a transaction.

    Raises ValidationError when a rule of the record forbids it.
    """
    finding = finding_of(imported)
    slug = urlsplit(imported.link).path.rstrip("/").rpartition("/")[2]
    if finding.is_meeting:
        imported.meeting = draft_meeting(finding, imported.link, decided, slug=slug)
    else:
        imported.news_item = draft_news(finding, imported.link, slug=slug)
    imported.made_at = timezone.now()
    imported.made_version = _version(imported)
    imported.save()
    keep_old_addresses(imported, imported.link, str(imported.found.get("guid", "")))
    return imported.meeting or imported.news_item  # type: ignore[return-value]  # one of the two was set


def finding_of(imported: ImportedPost) -> Finding:
    """Give what was recognised in a remembered post."""
    return Finding.from_kept({name: value for name, value in imported.found.items() if name != "guid"})


def _version(imported: ImportedPost) -> int:
    target = imported.target
    return Change.objects.within(place_of(type(target), target.pk)).version() if target else 0


def is_untouched(imported: ImportedPost) -> bool:
    """Whether nobody changed the draft since it was made, nor confirmed it."""
    return imported.confirmed_at is None and imported.made_version == _version(imported)


def _withdraw(imported: ImportedPost) -> None:
    """Delete the untouched draft of an earlier state of the post; its topics stay, and are met again by their titles."""
    target = imported.target
    imported.meeting = imported.news_item = None
    imported.save()
    if target is not None:
        target.delete()


# --- Addresses -------------------------------------------------------------------------------------------------------


def keep_old_addresses(imported: ImportedPost, link: str, guid: str) -> None:
    """Let the post's former addresses lead to what it became; one that leads elsewhere already stays."""
    leads_to: dict[str, Model | None] = {"meeting": imported.meeting, "news_item": imported.news_item}
    for path in filter(None, map(path_of, (link, guid))):
        if imported.target is not None:
            OldAddress.objects.get_or_create(path=path, defaults=leads_to)


def path_of(address: str) -> str:
    """Give what stands behind the host of an address, its query included; "" for the front page and for what is none."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return path if path != "/" and path.startswith("/") and len(path) <= 600 else ""


# --- Differences -----------------------------------------------------------------------------------------------------


def differences_from(meeting: Meeting, finding: Finding) -> list[Difference]:
    """Compare a post with the meeting on record: days, mode, host, and who came."""
    listed = who_attended(meeting)
    here = {
        "mode": meeting.mode,
        "host_city": meeting.host_city.slug if meeting.host_city else None,
        "cities": sorted(each.organisation.slug for each in listed.cities),
    }
    post = {"mode": finding.mode, "host_city": finding.host_city, "cities": sorted(finding.cities)}
    told = {name: value for name, value in post.items() if value}
    return [Difference(name, here[name], value) for name, value in told.items() if here[name] != value]
