"""The rows of the register: countries, organisations, presidencies, offices, working groups, topics."""

from collections.abc import Iterable

from b40.loading.rows import Entry, Ref, Row, dated, fact, numbered, parts, picked, sourced
from members.models import (
    BoardSeatChange,
    Country,
    MembershipChange,
    Office,
    OfficeChange,
    Organisation,
    OrganisationName,
    Person,
    Presidency,
    Source,
    StatedMemberCount,
)
from workinggroups.models import FormerName, ParticipationChange, Topic, WorkingGroup

_ORGANISATION_FIELDS = (
    "slug",
    "kind",
    "name",
    "abbreviation",
    "latitude",
    "longitude",
    "population",
    "population_year",
    "website",
    "description",
    "note",
)


def rows(found: Entry) -> Iterable[Row]:
    """Every row of the register that a checked file holds."""
    for entry in found.get("sources", []):
        yield Row(Source, (entry["url"],), entry["@"], picked(entry, "url", "title"))
    for entry in found.get("countries", []):
        yield Row(Country, (entry["code"],), entry["@"], picked(entry, "code", "name", "native_names", "footnote"))
    yield from parts(found, "organisations", lambda _index, entry: _organisation(entry))
    yield from parts(found, "presidencies", lambda _index, entry: _presidency(entry))
    secretaries = numbered(found.get("permanent_secretaries", []), "name")
    yield from parts(
        found, "permanent_secretaries", lambda _index, entry: _office(entry, None, secretaries[entry["@"].path])
    )
    seats = numbered(found.get("board_seats", []), "city", "event")
    yield from parts(found, "board_seats", lambda _index, entry: [_board_seat(entry, seats[entry["@"].path])])
    yield from parts(found, "stated_member_counts", lambda _index, entry: [_stated_count(entry)])
    yield from parts(found, "working_groups", lambda _index, entry: _working_group(entry))
    yield from parts(found, "network_topics", lambda _index, entry: _topic(entry, None))


def organisation(slug: str) -> Ref:
    """The organisation of a slug."""
    return Ref(Organisation, (slug,))


def country(entry: Entry) -> dict[str, Ref | None]:
    """The country of an entry, if it speaks of one."""
    if "country" not in entry:
        return {}
    return {"country": Ref(Country, (entry["country"],)) if entry["country"] else None}


def _organisation(entry: Entry) -> Iterable[Row]:
    slug = entry["slug"]
    yield Row(Organisation, (slug,), entry["@"], picked(entry, *_ORGANISATION_FIELDS), country(entry), sourced(entry))
    for index, name in enumerate(entry.get("names", [])):
        yield _name(entry, index, {"text": name} if isinstance(name, str) else name)
    numbers = numbered(entry.get("membership", []), "status")
    yield from parts(entry, "membership", lambda _index, change: [_membership(slug, change, numbers[change["@"].path])])


def _name(entry: Entry, index: int, name: Entry) -> Row:
    place = name.get("@") or entry["@"].key("names").item(index)
    fields = {"order": index, **picked(name, "text", "language", is_native="native")}
    return Row(
        OrganisationName, (entry["slug"], name["text"]), place, fields, {"organisation": organisation(entry["slug"])}
    )


def _membership(slug: str, entry: Entry, number: str) -> Row:
    fields = {**dated(entry), **picked(entry, "status", "how", "founding")}
    key = (slug, entry["status"], number)
    return Row(MembershipChange, key, entry["@"], fields, {"organisation": organisation(slug)}, sourced(entry))


def _presidency(entry: Entry) -> Iterable[Row]:
    fields = {**picked(entry, "started_on", "motto", "priorities", "chosen", "override_reason"), **fact(entry)}
    term = Row(
        Presidency,
        (entry["started_on"].isoformat(),),
        entry["@"],
        fields,
        {"city": organisation(entry["city"])},
        sourced(entry),
    )
    yield term
    numbers = numbered(entry.get("presidents", []), "name")
    yield from parts(entry, "presidents", lambda _index, change: _office(change, term, numbers[change["@"].path]))


def _office(entry: Entry, term: Row | None, number: str) -> Iterable[Row]:
    person = Ref(Person, (entry["name"],)) if entry["name"] else None
    if person:
        yield Row(Person, person.key, entry["@"].key("name"), {"name": entry["name"]})
    office = Office.PRESIDENT if term else Office.PERMANENT_SECRETARY
    fields = {"office": office.value, **dated(entry), **picked(entry, "title")}
    key = (office.value, *(term.key if term else ()), entry["name"] or "", number)
    relations = {"presidency": term.ref if term else None, "person": person}
    yield Row(OfficeChange, key, entry["@"], fields, relations, sourced(entry))


def _board_seat(entry: Entry, number: str) -> Row:
    fields = {**dated(entry), **picked(entry, "event", "how")}
    key = (entry["city"], entry.get("event", "seated"), number)
    return Row(BoardSeatChange, key, entry["@"], fields, {"city": organisation(entry["city"])}, sourced(entry))


def _stated_count(entry: Entry) -> Row:
    key = (entry["on"].isoformat(), str(entry["members"]))
    return Row(
        StatedMemberCount, key, entry["@"], {**picked(entry, "on", "members"), **fact(entry)}, links=sourced(entry)
    )


def _working_group(entry: Entry) -> Iterable[Row]:
    group = Row(
        WorkingGroup,
        (entry["slug"],),
        entry["@"],
        picked(entry, "slug", "name", "mandate", "order"),
        links=sourced(entry),
    )
    yield group
    yield from parts(entry, "former_names", lambda _index, name: [_former_name(group, name)])
    numbers = numbered(entry.get("participation", []), "organisation", "role")
    yield from parts(
        entry, "participation", lambda _index, change: [_participation(group, change, numbers[change["@"].path])]
    )
    yield from parts(entry, "topics", lambda _index, topic: _topic(topic, group))


def _former_name(group: Row, entry: Entry) -> Row:
    fields = {**dated(entry, "until"), "name": entry["name"]}
    return Row(FormerName, (*group.key, entry["name"]), entry["@"], fields, {"group": group.ref}, sourced(entry))


def _participation(group: Row, entry: Entry, number: str) -> Row:
    fields = {**dated(entry), **picked(entry, "role")}
    key = (*group.key, entry["organisation"], entry.get("role", "member"), number)
    relations: dict[str, Ref | None] = {"group": group.ref, "organisation": organisation(entry["organisation"])}
    return Row(ParticipationChange, key, entry["@"], fields, relations, sourced(entry))


def _topic(entry: Entry, group: Row | None) -> Iterable[Row]:
    fields = picked(entry, "slug", "title", "description", "status", "status_since")
    yield Row(Topic, (entry["slug"],), entry["@"], fields, {"group": group.ref if group else None}, sourced(entry))
