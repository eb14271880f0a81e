"""From a file's bytes to the report of its loading."""

from typing import Any

from b40.loading.applying import Progress, apply_rows
from b40.loading.checks import check_entries, check_references
from b40.loading.format import NAME, RECORD, VERSION
from b40.loading.problems import LoadError, Place, Problem
from b40.loading.reading import read_json
from b40.loading.report import Report
from b40.loading.rows import Row, all_rows


def load(raw: bytes, *, dry_run: bool = False, progress: Progress | None = None) -> Report:
    """Load a network record.

    Takes the file's bytes; with `dry_run` nothing is kept. `progress` is told the kind at work, the rows done, and all
    rows. Gives the report. Raises LoadError with every problem found, each with its place; nothing was written then.
    Form of the file: docs/network-record.md.
    """
    rows = read_rows(raw)
    return apply_rows(rows, dry_run=dry_run, progress=progress or _silent)


def read_rows(raw: bytes) -> list[Row]:
    """Read and check a record whole, before anything is written. Gives its rows; raises LoadError.

    Asks the database only for what the file refers to and does not hold.
    """
    place = Place()
    found = RECORD(_of_this_format(read_json(raw)), place)
    _raise_any(place)
    check_entries(found)
    _raise_any(place)
    rows = all_rows(found)
    check_references(rows, found.get("meetings", []))
    _raise_any(place)
    return rows


def _of_this_format(value: object) -> dict[str, Any]:
    """Refuse what is another kind of file before its every key is called unknown."""
    if not isinstance(value, dict):
        raise LoadError(
            [Problem("", 'expected an object with the key "format"; docs/network-record.md shows how a record begins')]
        )
    if value.get("format") != NAME:
        raise LoadError([Problem("format", f'this is no network record: the key "format" must say "{NAME}"')])
    if value.get("version") != VERSION:
        raise LoadError(
            [Problem("version", f"this program reads version {VERSION}, and the file says {value.get('version')!r}")]
        )
    return value


def _raise_any(place: Place) -> None:
    if place.problems:
        raise LoadError(place.problems)


def _silent(_kind: str, _done: int, _total: int) -> None:
    """Show no progress."""
