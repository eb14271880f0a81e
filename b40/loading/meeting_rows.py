"""The rows of the meetings: sessions, agenda, attendance, outcomes, documents."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from b40.loading.register_rows import country, organisation
from b40.loading.rows import Entry, Ref, Row, fact, parts, picked, source_rows, sourced
from meetings.models import (
    AgendaItem,
    Attendance,
    DatePrecision,
    Decision,
    Document,
    Guest,
    Meeting,
    Session,
    StatedTotal,
)
from meetings.texts import sanitise
from members.dates import month_window
from members.models import Presidency
from workinggroups.models import Topic, WorkingGroup

_MEETING_FIELDS = (
    "slug",
    "title",
    "kind",
    "mode",
    "status",
    "timezone",
    "place",
    "venue",
    "motto",
    "summary",
    "note",
    "attendance_complete",
)


def rows(found: Entry) -> Iterable[Row]:
    """Every row of the meetings that a checked file holds, and of the network's documents."""
    yield from parts(found, "documents", lambda index, entry: [_document(index, entry, None)])
    yield from parts(found, "meetings", lambda _index, entry: _meeting(entry))


def days(window: tuple[dt.date | None, dt.date]) -> dict[str, Any]:
    """Say a meeting's days as its fields do: one day, several, or only the month."""
    start, end = window
    if start is None:
        raise ValueError("a meeting has a first day")
    if start != end and window == month_window(end.year, end.month):
        return {"start_on": start, "end_on": None, "date_precision": DatePrecision.MONTH.value}
    return {"start_on": start, "end_on": None if start == end else end, "date_precision": DatePrecision.DAY.value}


def _meeting(entry: Entry) -> Iterable[Row]:
    fields = {**picked(entry, *_MEETING_FIELDS), **days(entry["days"]), **fact(entry)}
    if "report" in entry:
        fields["report"] = sanitise(entry["report"])
    meeting = Row(
        Meeting, (entry["slug"],), entry["@"], fields, {**country(entry), **_meeting_relations(entry)}, sourced(entry)
    )
    yield meeting
    yield from _attendances(entry, meeting, None, entry.get("attendance_defaults", {}))
    yield from _sessions(entry, meeting)
    yield from parts(entry, "documents", lambda index, document: [_document(index, document, meeting)])
    yield from parts(entry, "stated_totals", lambda _index, total: [_stated_total(total, meeting)])
    yield from _texts(Guest, "name", entry, "guests", meeting)
    yield from _texts(Decision, "text", entry, "decisions", meeting)


def _meeting_relations(entry: Entry) -> dict[str, Ref | None]:
    relations: dict[str, Ref | None] = {}
    if "host_city" in entry:
        relations["host_city"] = organisation(entry["host_city"]) if entry["host_city"] else None
    if "summit_of" in entry:
        relations["summit_of"] = Ref(Presidency, (entry["summit_of"][-10:],)) if entry["summit_of"] else None
    return relations


def _sessions(entry: Entry, meeting: Row) -> Iterable[Row]:
    seen: Counter[tuple[str, ...]] = Counter()
    for index, item in enumerate(entry.get("sessions", [])):
        groups = sorted(item.get("working_groups", []))
        key = (*meeting.key, item.get("title", ""), " ".join(groups))
        seen[key] += 1
        key = key if seen[key] == 1 else (*key, str(seen[key]))
        fields = {"order": index, **picked(item, "title", "starts_at", "ends_at", "room")}
        links = {"working_groups": [Ref(WorkingGroup, (slug,)) for slug in groups]} if "working_groups" in item else {}
        session = Row(Session, key, item["@"], fields, {"meeting": meeting.ref}, links)
        yield session
        yield from _agenda(item, session)
        yield from _attendances(item, meeting, session, entry.get("attendance_defaults", {}))


def _agenda(entry: Entry, session: Row) -> Iterable[Row]:
    seen: Counter[str] = Counter()
    for index, item in enumerate(entry.get("items", [])):
        topics = sorted(set(item.get("topics", [])))
        name = item.get("title") or " ".join(topics)
        seen[name] += 1
        key = (*session.key, name) if seen[name] == 1 else (*session.key, name, str(seen[name]))
        links = {"topics": [Ref(Topic, (slug,)) for slug in topics]} if "topics" in item else {}
        yield Row(
            AgendaItem,
            key,
            item["@"],
            {"order": index, **picked(item, "title", "minutes")},
            {"session": session.ref},
            links,
        )


def _attendances(entry: Entry, meeting: Row, session: Row | None, defaults: Entry) -> Iterable[Row]:
    yield from source_rows(defaults)
    for index, item in enumerate(entry.get("attendance", [])):
        place = entry["@"].key("attendance").item(index)
        full = {
            "channel": "published",
            **defaults,
            **({"organisation": item} if isinstance(item, str) else item),
            "@": place,
        }
        yield _attendance(full, meeting, session)
        yield from source_rows(full)


def _attendance(entry: Entry, meeting: Row, session: Row | None) -> Row:
    scope = session.key if session else (*meeting.key, "")
    relations = {
        "meeting": meeting.ref,
        "session": session.ref if session else None,
        "organisation": organisation(entry["organisation"]),
    }
    fields = {**picked(entry, "presence", "mode", "capacity", "channel"), **fact(entry)}
    return Row(
        Attendance, (*scope, entry["organisation"], entry["channel"]), entry["@"], fields, relations, sourced(entry)
    )


def _document(index: int, entry: Entry, meeting: Row | None) -> Row:
    fields = {**picked(entry, "title", "kind", "language", "dated", "url"), **fact(entry)}
    if meeting:
        fields["order"] = index
    key = (*(meeting.key if meeting else ("",)), entry["title"])
    return Row(Document, key, entry["@"], fields, {"meeting": meeting.ref if meeting else None}, sourced(entry))


def _stated_total(entry: Entry, meeting: Row) -> Row:
    key = (*meeting.key, entry["what"], str(entry["number"]), entry.get("stated_by", ""))
    fields = {**picked(entry, "what", "bound", "number", "stated_by"), **fact(entry)}
    return Row(StatedTotal, key, entry["@"], fields, {"meeting": meeting.ref}, sourced(entry))


def _texts(model: type[Guest] | type[Decision], attribute: str, entry: Entry, name: str, meeting: Row) -> Iterable[Row]:
    for index, text in enumerate(entry.get(name, [])):
        place = entry["@"].key(name).item(index)
        yield Row(model, (*meeting.key, text), place, {"order": index, attribute: text}, {"meeting": meeting.ref})
