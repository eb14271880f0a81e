"""What an import says: of each post in a few lines, and of all in numbers."""

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse

from b40.moving.finding import Finding
from b40.moving.importing import Done, Outcome
from meetings.models import MeetingKind

_SAID = {
    Done.DRAFTED: "a draft was made, to be confirmed",
    Done.WAITS: "waits for a person to say what it leaves open",
    Done.ON_RECORD: "speaks of a meeting that is on record; nothing there was changed",
    Done.UNCHANGED: "was imported before and has not changed",
    Done.RENEWED: "has changed since it was imported; its draft, which nobody had edited, was made anew",
    Done.KEPT: "has changed since it was imported; what stands here stays",
    Done.DISCARDED: "was imported before, and somebody discarded what it became",
}
_PLURAL = {
    Done.DRAFTED: "drafted",
    Done.WAITS: "waiting",
    Done.ON_RECORD: "of meetings on record",
    Done.UNCHANGED: "unchanged",
    Done.RENEWED: "renewed",
    Done.KEPT: "changed there and kept here",
    Done.DISCARDED: "discarded here",
}


def lines_of(outcome: Outcome, *, dry_run: bool = False) -> Iterator[str]:
    """Say what became of a post, what was read in it, what was not understood, and where it differs."""
    finding = outcome.finding
    yield f"{finding.post_id} “{finding.title}”: {_SAID[outcome.done]}"
    yield f"    {_told(finding)}"
    if not dry_run:
        yield f"    {reverse('admin:b40_importedpost_change', args=[outcome.imported.pk])}"
    for doubt in finding.doubts:
        yield f"    not understood: “{doubt['text']}” in “{_short(doubt['sentence'])}”"
    for difference in outcome.differences:
        yield f"    {difference.name}: here {_value(difference.here)}, in the post {_value(difference.post)}"
    for address in finding.media:
        yield f"    to upload: {address}"


def summary_of(counts: Counter[Done], problems: int) -> str:
    """Say how many posts became what."""
    said = [f"{counts[done]} {_PLURAL[done]}" for done in Done if counts[done]]
    if problems:
        said.append(f"{problems} not readable")
    return ", ".join(said) or "nothing was imported"


def _told(finding: Finding) -> str:
    if not finding.is_meeting:
        return "news"
    parts = [
        str(MeetingKind(finding.kind).label),
        finding.start_date if finding.start_date == finding.end_date else f"{finding.start_date} to {finding.end_date}",
        (finding.mode or "").replace("_", " "),
        finding.place,
        f"{len(finding.cities)} cities"
        + (f" ({finding.cities_count_stated} stated)" if finding.cities_count_stated else ""),
        f"{len(finding.observers)} observers",
        f"{len(finding.working_groups)} working groups",
        f"{len(finding.topics)} topics",
    ]
    return " · ".join(part for part in parts if part and not part.startswith(("0 ", "None")))


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) if value and not isinstance(value[0], dict) else f"{len(value)} of them"
    return str(value) if value not in (None, "") else "nothing"
