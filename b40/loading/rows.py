"""One row an object: what a checked file says, flattened, each row naming others by their keys in the file."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from b40.loading.problems import Place
from meetings.models import AgendaItem, Attendance, Decision, Document, Guest, Meeting, Session, StatedTotal
from members.models import (
    BoardSeatChange,
    Country,
    MembershipChange,
    OfficeChange,
    Organisation,
    OrganisationName,
    Person,
    Presidency,
    Source,
    StatedMemberCount,
)
from workinggroups.models import FormerName, ParticipationChange, Topic, WorkingGroup

Model = type[models.Model]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Ref:
    """Another object, by its model and its key in the file."""

    model: Model
    key: Key

    @property
    def name(self) -> str:
        return f'{self.model._meta.verbose_name} "{", ".join(filter(None, self.key))}"'


@dataclass
class Row:
    """One object as the file tells it. Attributes that the file leaves out are not among the fields."""

    model: Model
    key: Key
    place: Place
    fields: dict[str, Any] = field(default_factory=dict)
    relations: dict[str, Ref | None] = field(default_factory=dict)
    links: dict[str, list[Ref]] = field(default_factory=dict)

    @property
    def ref(self) -> Ref:
        return Ref(self.model, self.key)


@dataclass(frozen=True)
class Kind:
    """How one model's objects are told apart: by these attributes and, for unnamed parts, by what they link to."""

    model: Model
    natural: tuple[str, ...]
    by_links: str = ""


# In the order in which they are written: what is referred to comes first.
KINDS = (
    Kind(Source, ("url",)),
    Kind(Country, ("code",)),
    Kind(Organisation, ("slug",)),
    Kind(OrganisationName, ("organisation_id", "text")),
    Kind(MembershipChange, ("organisation_id", "latest")),
    Kind(StatedMemberCount, ("on", "members")),
    Kind(Presidency, ("started_on",)),
    Kind(Person, ("name",)),
    Kind(OfficeChange, ("office", "presidency_id", "latest")),
    Kind(BoardSeatChange, ("city_id", "latest")),
    Kind(WorkingGroup, ("slug",)),
    Kind(FormerName, ("group_id", "name")),
    Kind(ParticipationChange, ("group_id", "organisation_id", "latest")),
    Kind(Topic, ("slug",)),
    Kind(Meeting, ("slug",)),
    Kind(Document, ("meeting_id", "title")),
    Kind(Session, ("meeting_id", "title"), "working_groups"),
    Kind(AgendaItem, ("session_id", "title"), "topics"),
    Kind(Attendance, ("meeting_id", "session_id", "organisation_id", "channel")),
    Kind(Guest, ("meeting_id", "name")),
    Kind(Decision, ("meeting_id", "text")),
    Kind(StatedTotal, ("meeting_id", "what", "number", "stated_by")),
)


Entry = dict[str, Any]


def all_rows(found: Entry) -> list[Row]:
    """Flatten a checked file. Gives its rows, each kind in an order that does not depend on the file's."""
    from b40.loading import meeting_rows, register_rows  # both build on this module

    rows = [*register_rows.rows(found), *meeting_rows.rows(found)]
    rank = {kind.model: index for index, kind in enumerate(KINDS)}
    unique: dict[tuple[Model, Key], Row] = {}
    for row in rows:
        known = unique.setdefault((row.model, row.key), row)
        if known is not row and not _joins(row, known):
            row.place.problem(f"this is listed twice: {known.place.path} says it already; keep one of the two")
    return sorted(unique.values(), key=lambda row: (rank[row.model], _chronological(row), row.key))


def _joins(row: Row, known: Row) -> bool:
    """Whether two rows may stand for one: sources and people, named wherever needed; terms are compared in `checks`."""
    if row.model is Presidency:
        return True
    same = all(known.fields.get(name, value) == value for name, value in row.fields.items())
    if row.model not in {Source, Person} or not same:
        return False
    known.fields |= row.fields
    return True


def _chronological(row: Row) -> str:
    """Changes are written as they happened, so that the rules on neighbours see what they would have seen then."""
    return str(row.fields.get("latest") or row.fields.get("started_on") or "")


def picked(entry: Entry, *names: str, **renamed: str) -> dict[str, Any]:
    """Take the keys that an entry has: under the same name, or as ``attribute="key in the file"``."""
    wanted = {name: name for name in names} | renamed
    return {attribute: entry[key] for attribute, key in wanted.items() if key in entry}


def fact(entry: Entry) -> dict[str, Any]:
    """Take what every fact may carry besides its sources."""
    return picked(entry, "certainty", "basis")


def dated(entry: Entry, key: str = "on") -> dict[str, Any]:
    """Take a fact with its window."""
    earliest, latest = entry[key]
    return {"earliest": earliest, "latest": latest, **fact(entry)}


def sourced(entry: Entry) -> dict[str, list[Ref]]:
    """Take the sources of an entry, as links."""
    return {"sources": [Ref(Source, (url,)) for url in dict.fromkeys(entry["sources"])]} if "sources" in entry else {}


def source_rows(entry: Entry) -> Iterable[Row]:
    """The sources of an entry, as rows of their own."""
    if "sources" in entry:
        place = entry["@"].key("sources")
        yield from (Row(Source, (url,), place, {"url": url}) for url in entry["sources"])


def parts(entry: Entry, name: str, build: Callable[[int, Entry], Iterable[Row]]) -> Iterable[Row]:
    """The rows of a list inside an entry, and those of the items' sources."""
    for index, item in enumerate(entry.get(name, [])):
        yield from build(index, item)
        yield from source_rows(item)


def numbered(entries: Iterable[Entry], *identity: str) -> dict[str, str]:
    """Number the lines of a log that say the same ("became a member") as they follow one another in time.

    The number, not the day, is part of the key: a day that a later file corrects then corrects the line instead of
    adding one. Gives the numbers by place.
    """
    seen: Counter[Key] = Counter()
    numbers: dict[str, str] = {}
    for entry in sorted(entries, key=lambda entry: entry["on"][1]):
        said = tuple(str(entry.get(name)) for name in identity)
        seen[said] += 1
        numbers[entry["@"].path] = str(seen[said])
    return numbers
