"""The network's record as it is shipped, whole and in part."""

import json
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[1] / "b40" / "network.json"
APRIL = "online-working-groups-april-2025"


def record_without_april() -> bytes:
    """The record without the meeting that the real post tells of, so that the post brings it."""
    record = json.loads(SHIPPED.read_text(encoding="utf-8"))
    record["meetings"] = [meeting for meeting in record["meetings"] if meeting["slug"] != APRIL]
    return json.dumps(record).encode()
