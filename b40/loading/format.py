"""The shape of a network record, version 1. docs/network-record.md says it in words; a test holds the two together."""

from b40.loading.shapes import (
    choice,
    day,
    degrees,
    either,
    flag,
    list_of,
    moment,
    nullable,
    record,
    slug,
    text,
    whole,
    window,
    zone,
)
from meetings.models import Capacity, Channel, DocumentKind, MeetingKind, MeetingStatus, Mode, Presence, StatedTotal
from members.models import BoardSeatChange, Certainty, Founding, Kind, Status
from workinggroups.models import PUBLIC_STATUSES, GroupRole, TopicStatus

NAME, VERSION = "b40-network", 1

_URL = text(600)
_LONG = text(100_000, blank=True, lines=True)
_SOURCES = {"sources": list_of(_URL)}
_FACT = {"certainty": choice(list(Certainty.values)), "basis": _LONG, **_SOURCES}
_DATED = {"on": window, **_FACT}

COUNTRY = record(
    {"code": text(2), "name": text(80), "native_names": list_of(text(80)), "footnote": _LONG},
    "code",
    "name",
)
NAME_ENTRY = either(text(160), record({"text": text(160), "language": text(8), "native": flag}, "text"))
MEMBERSHIP = record(
    {
        "status": choice(list(Status.values)),
        "how": text(300, blank=True),
        "founding": choice(list(Founding.values)),
        **_DATED,
    },
    "on",
    "status",
)
ORGANISATION = record(
    {
        "slug": slug(),
        "kind": choice(list(Kind.values)),
        "name": text(160),
        "abbreviation": text(20, blank=True),
        "country": nullable(text(2)),
        "latitude": nullable(degrees(90)),
        "longitude": nullable(degrees(180)),
        "population": nullable(whole(0, 100_000_000)),
        "population_year": nullable(whole(1900, 2200)),
        "website": text(200, blank=True),
        "description": _LONG,
        "note": _LONG,
        **_SOURCES,
        "names": list_of(NAME_ENTRY),
        "membership": list_of(MEMBERSHIP),
    },
    "slug",
    "name",
)
PRESIDENT = record({"name": nullable(text(160)), "title": text(120, blank=True), **_DATED}, "name", "on")
PRESIDENCY = record(
    {
        "city": slug(),
        "started_on": day,
        "motto": text(200, blank=True),
        "priorities": list_of(text(300)),
        "chosen": text(300, blank=True),
        "override_reason": text(300, blank=True),
        **_FACT,
        "presidents": list_of(PRESIDENT),
    },
    "city",
    "started_on",
)
BOARD_SEAT = record(
    {"city": slug(), "event": choice(list(BoardSeatChange.Event.values)), "how": text(300, blank=True), **_DATED},
    "city",
    "on",
)
STATED_COUNT = record({"on": day, "members": whole(0, 32_767), **_FACT}, "on", "members")
TOPIC = record(
    {
        "slug": slug(120),
        "title": text(200),
        "description": _LONG,
        "status": choice([status.value for status in (TopicStatus.DRAFT, *PUBLIC_STATUSES)]),
        "status_since": nullable(day),
        **_SOURCES,
    },
    "slug",
    "title",
)
WORKING_GROUP = record(
    {
        "slug": slug(),
        "name": text(160),
        "mandate": _LONG,
        "order": whole(0, 32_767),
        **_SOURCES,
        "former_names": list_of(record({"name": text(160), "until": window, **_FACT}, "name", "until")),
        "participation": list_of(
            record({"organisation": slug(), "role": choice(list(GroupRole.values)), **_DATED}, "organisation", "on")
        ),
        "topics": list_of(TOPIC),
    },
    "slug",
    "name",
)
DOCUMENT = record(
    {
        "title": text(200),
        "kind": choice(list(DocumentKind.values)),
        "language": text(8),
        "dated": nullable(day),
        "url": text(600, blank=True),
        **_FACT,
    },
    "title",
)
_CHANNEL = choice(list(Channel.values))
ATTENDANCE = either(
    slug(),
    record(
        {
            "organisation": slug(),
            "presence": choice(list(Presence.values)),
            "mode": choice(["", "room", "online"]),
            "capacity": choice(list(Capacity.values)),
            "channel": _CHANNEL,
            **_FACT,
        },
        "organisation",
    ),
)
AGENDA_ITEM = record(
    {"title": text(200, blank=True), "topics": list_of(slug(120)), "minutes": nullable(whole(1, 10_000))}
)
SESSION = record(
    {
        "title": text(200, blank=True),
        "working_groups": list_of(slug()),
        "starts_at": nullable(moment),
        "ends_at": nullable(moment),
        "room": text(120, blank=True),
        "items": list_of(AGENDA_ITEM),
        "attendance": list_of(ATTENDANCE),
    }
)
STATED_TOTAL = record(
    {
        "what": choice(list(StatedTotal.What.values)),
        "bound": choice(list(StatedTotal.Bound.values)),
        "number": whole(0, 2_000_000_000),
        "stated_by": text(120, blank=True),
        **_FACT,
    },
    "what",
    "number",
)
MEETING = record(
    {
        "slug": slug(120),
        "title": text(200),
        "kind": choice(list(MeetingKind.values)),
        "mode": choice(list(Mode.values)),
        "status": choice(list(MeetingStatus.values)),
        "days": window,
        "timezone": zone,
        "host_city": nullable(slug()),
        "place": text(160, blank=True),
        "venue": text(200, blank=True),
        "country": nullable(text(2)),
        "summit_of": nullable(text(100)),
        "motto": text(200, blank=True),
        "summary": _LONG,
        "report": _LONG,
        "note": _LONG,
        "attendance_complete": flag,
        **_FACT,
        "sessions": list_of(SESSION),
        "attendance": list_of(ATTENDANCE),
        "attendance_defaults": record({"channel": _CHANNEL, **_FACT}),
        "guests": list_of(text(200)),
        "decisions": list_of(text(400)),
        "stated_totals": list_of(STATED_TOTAL),
        "documents": list_of(DOCUMENT),
    },
    "slug",
    "title",
    "kind",
    "mode",
    "status",
    "days",
)
RECORD = record(
    {
        "format": choice([NAME]),
        "version": whole(VERSION, VERSION),
        "title": text(200),
        "compiled": _LONG,
        "sources": list_of(record({"url": _URL, "title": text(300, blank=True)}, "url")),
        "countries": list_of(COUNTRY),
        "organisations": list_of(ORGANISATION),
        "presidencies": list_of(PRESIDENCY),
        "permanent_secretaries": list_of(PRESIDENT),
        "board_seats": list_of(BOARD_SEAT),
        "stated_member_counts": list_of(STATED_COUNT),
        "working_groups": list_of(WORKING_GROUP),
        "network_topics": list_of(TOPIC),
        "documents": list_of(DOCUMENT),
        "meetings": list_of(MEETING),
    },
    "format",
    "version",
)
