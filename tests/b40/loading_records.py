"""A small record that has one of everything, for tests of the loader to bend."""

import copy
import json
from typing import Any

SOURCE = "https://example.org/report"

_SMALL: dict[str, Any] = {
    "format": "b40-network",
    "version": 1,
    "sources": [{"url": SOURCE, "title": "A report"}],
    "countries": [{"code": "BG", "name": "Bulgaria", "native_names": ["България"]}, {"code": "GR", "name": "Greece"}],
    "organisations": [
        {
            "slug": "sofia", "kind": "city", "name": "Sofia", "country": "BG", "latitude": 42.698, "longitude": 23.322,
            "names": [{"text": "София", "language": "bg", "native": True}, "Sofya"], "sources": [SOURCE],
            "membership": [{"on": "2022-06-28", "status": "member", "how": "signed in Sofia", "sources": [SOURCE]}],
        },
        {
            "slug": "athens", "kind": "city", "name": "Athens", "country": "GR",
            "names": [{"text": "Αθήνα", "language": "el", "native": True}],
            "membership": [{"on": "2021-11-30", "status": "member", "founding": "inferred"}],
        },
        {
            "slug": "iclei", "kind": "network", "name": "ICLEI",
            "membership": [{"on": "../2025-04-09", "status": "observer"}],
        },
    ],
    "presidencies": [
        {
            "city": "athens", "started_on": "2023-01-23", "priorities": ["Culture"],
            "presidents": [{"name": "Ada Able", "on": "2023-01-23"}, {"name": "Ben Best", "on": "2024-01-01"}],
        },
        {"city": "sofia", "started_on": "2024-01-30", "presidents": [{"name": "Cem Can", "on": "2024-01-30"}]},
    ],
    "permanent_secretaries": [{"name": "Dora Dal", "on": "../2026-01-20"}],
    "board_seats": [{"city": "sofia", "on": "2025-02-24", "event": "seated"}],
    "stated_member_counts": [{"on": "2021-11-30", "members": 23}, {"on": "2021-11-30", "members": 24}],
    "working_groups": [
        {
            "slug": "climate", "name": "Climate", "order": 1, "former_names": [{"name": "Weather", "until": "2022"}],
            "participation": [{"organisation": "sofia", "on": "2023-11", "role": "member"}],
            "topics": [{"slug": "heat", "title": "Heat"}, {"slug": "air", "title": "Air", "status": "settled"}],
        }
    ],
    "network_topics": [{"slug": "funding", "title": "Funding"}],
    "documents": [{"title": "Statute", "kind": "statute", "url": "https://example.org/statute"}],
    "meetings": [
        {
            "slug": "athens-summit", "title": "Athens Summit", "kind": "summit", "mode": "in_person", "status": "held",
            "days": "2023-01-22/2023-01-24", "timezone": "Europe/Athens", "host_city": "athens", "country": "GR",
            "summit_of": "athens-2023-01-23", "report": "<p>It was held.</p>", "attendance": ["athens", "sofia"],
            "attendance_defaults": {"channel": "press", "sources": [SOURCE]},
            "guests": ["A minister"], "decisions": ["Athens takes over"],
            "stated_totals": [{"what": "cities", "number": 44, "stated_by": "a newspaper"}],
            "documents": [{"title": "Declaration", "kind": "declaration"}], "sources": [SOURCE],
        },
        {
            "slug": "online", "title": "Online round", "kind": "working_groups", "mode": "online", "status": "held",
            "days": "2023-06", "timezone": "Europe/Istanbul", "attendance_complete": True,
            "sessions": [
                {
                    "working_groups": ["climate"],
                    "items": [{"topics": ["heat"]}, {"title": "Clean air", "topics": ["air"]}],
                    "attendance": [{"organisation": "iclei", "capacity": "observer", "channel": "published"}],
                },
                {
                    "title": "Common", "starts_at": "2023-06-09T10:00+03:00",
                    "items": [{"topics": ["funding"], "minutes": 30}],
                },
            ],
            "attendance": [{"organisation": "sofia", "channel": "published"}],
        },
    ],
}  # fmt: skip


def small_record() -> dict[str, Any]:
    """A fresh copy of the small record."""
    return copy.deepcopy(_SMALL)


def as_file(record: object) -> bytes:
    """A record as the bytes of its file."""
    return json.dumps(record, ensure_ascii=False).encode()
