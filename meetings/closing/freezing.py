"""Freezing a meeting's record, as numbered versions that never change."""

import zoneinfo
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max

from meetings.attendance import AttendanceList, Attendee, who_attended
from meetings.minutes.public import read_minutes
from meetings.models import Decision, Document, Meeting, NoteRevision, Session, Snapshot
from meetings.programme import Programme, read_programme
from members.models import User


def freeze(meeting: Meeting, *, by: User) -> Snapshot:
    """Keep what is on record of a meeting now, as its next version. Call it within the transaction that closes."""
    last = meeting.snapshots.aggregate(last=Max("number"))["last"] or 0
    return Snapshot.objects.create(meeting=meeting, number=last + 1, record=record_of(meeting), taken_by=by)


def record_of(meeting: Meeting) -> dict[str, Any]:
    """Give what the public may know of a meeting, in plain values (days and times in ISO 8601, these in its zone)."""
    attendance, programme = who_attended(meeting), read_programme(AnonymousUser(), meeting)
    presidency = meeting.presidency
    return {
        **_facts(meeting),
        "presidency": presidency.city.name if presidency else "",
        "cities": [_attendee(each, attendance) for each in attendance.cities],
        "countries": len(attendance.by_country),
        "others": [_attendee(each, attendance) for each in attendance.others],
        "excused": [_attendee(each, attendance) for each in attendance.excused],
        "guests": [guest.name for guest in meeting.guests.all()],
        "groups": [name for _group, name in programme.groups],
        "topics": [_topics(group.name, group.topics) for group in programme.topics_by_group],
        "sessions": [_session(session, programme) for session in programme.sessions],
        "decisions": [
            decision.text for decision in Decision.objects.visible_to(AnonymousUser()).filter(meeting=meeting)
        ],
        "minutes": _minutes(meeting),
        "documents": _documents(meeting),
    }


def _facts(meeting: Meeting) -> dict[str, Any]:
    return {
        "title": meeting.title,
        "kind": meeting.kind,
        "mode": meeting.mode,
        "start_on": meeting.start_on.isoformat(),
        "end_on": meeting.end_on.isoformat() if meeting.end_on else None,
        "only_month": meeting.date_precision == "month",
        "timezone": meeting.timezone,
        "host_city": meeting.host_city.name if meeting.host_city else "",
        "place": meeting.place,
        "venue": meeting.venue,
        "country": meeting.country.name if meeting.country else "",
        "motto": meeting.motto,
        "is_complete": meeting.attendance_complete,
    }


def _attendee(attendee: Attendee, attendance: AttendanceList) -> dict[str, Any]:
    """Give one organisation, with the rows of the ledger from which its presence follows."""
    organisation, rows = attendee.organisation, attendee.counted_rows or attendee.rows
    return {
        "name": organisation.name,
        "slug": organisation.slug,
        "country": organisation.country.name if organisation.country else "",
        "capacity": attendee.capacity,
        "mode": next((row.mode for row in rows if row.mode), ""),
        "sessions": sorted({row.session_id for row in rows if row.session_id}),
        "rows": [{"key": row.pk, "told_by": row.channel, "session": row.session_id} for row in rows],
    }


def _topics(name: str, topics: list[Any]) -> dict[str, Any]:
    return {"group": name, "titles": [topic.title for topic in topics]}


def _session(session: Session, programme: Programme) -> dict[str, Any]:
    zone = zoneinfo.ZoneInfo(programme.meeting.timezone)
    starts, ends = (moment and moment.astimezone(zone).isoformat() for moment in (session.starts_at, session.ends_at))
    items = [
        {"title": item.title, "topics": [topic.title for topic in item.topics.all()], "minutes": item.minutes}
        for item in session.items.all()
    ]
    return {
        "key": session.pk, "title": session.title or session.label, "starts_at": starts, "ends_at": ends, "room": session.room, "items": items,
    }  # fmt: skip


def _minutes(meeting: Meeting) -> list[dict[str, str]]:
    """Give the notes of minutes that are approved and meant for everybody, in the order of the agenda."""
    shown = read_minutes(AnonymousUser(), meeting)
    if shown is None:
        return []
    texts = dict(NoteRevision.objects.of_meeting(meeting).newest().values_list("item", "text"))
    return [{"item": str(note.item), "text": texts[note.item.pk]} for note in shown.notes]


def _documents(meeting: Meeting) -> list[dict[str, Any]]:
    shown = Document.objects.visible_to(AnonymousUser()).filter(meeting=meeting).annotate(last=Max("versions__number"))
    return [
        {
            "title": paper.title,
            "kind": paper.kind,
            "language": paper.language,
            "address": paper.address,
            "version": paper.last or 0,  # type: ignore[attr-defined]  # annotated
        }
        for paper in shown
    ]
