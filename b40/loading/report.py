"""What a load did, or would do: what was created, updated, unchanged; what stays as staff set it; what was left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from b40.loading.rows import KINDS, Model, Ref, Row


@dataclass(frozen=True)
class Conflict:
    """A value that staff set and the file does not share. It stays as staff set it."""

    row: Row
    attribute: str
    in_file: str
    present: str

    def __str__(self) -> str:
        return f"{self.row.ref.name}, {self.attribute}: here {self.present}, in the file {self.in_file}"


@dataclass
class Report:
    """The account of one load."""

    created: list[Row] = field(default_factory=list)
    updated: list[tuple[Row, list[str]]] = field(default_factory=list)
    unchanged: list[Row] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    deleted: list[Row] = field(default_factory=list)
    waiting: dict[Ref, list[Row]] = field(default_factory=lambda: defaultdict(list))
    frozen: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    @property
    def wrote_nothing(self) -> bool:
        return not (self.created or self.updated)

    def counts(self) -> Iterator[tuple[Model, int, int, int]]:
        """Give, for every kind that the file speaks of, how many were created, updated, unchanged."""
        created = Counter(row.model for row in self.created)
        updated = Counter(row.model for row, _changes in self.updated)
        unchanged = Counter(row.model for row in self.unchanged)
        for kind in KINDS:
            numbers = created[kind.model], updated[kind.model], unchanged[kind.model]
            if any(numbers):
                yield kind.model, *numbers

    def lines(self, *, every_name: bool) -> Iterator[str]:
        """Say it line by line. With `every_name`, also what was created and what was found unchanged."""
        for model, created, updated, unchanged in self.counts():
            yield f"{model._meta.verbose_name_plural}: {created} created, {updated} updated, {unchanged} unchanged"
        if every_name:
            yield from (f"created {row.ref.name}" for row in self.created)
            yield from (f"unchanged {row.ref.name}" for row in self.unchanged)
        yield from (f"updated {row.ref.name}: {', '.join(changes)}" for row, changes in self.updated)
        yield from (f"kept as edited here: {conflict}" for conflict in self.conflicts)
        yield from self._left_out()
        yield self._summary()

    def _left_out(self) -> Iterable[str]:
        for row in self.deleted:
            yield f"left out, deleted here since it was loaded: {row.ref.name}"
        for ref, rows in self.waiting.items():
            yield f"left out with {ref.name}: {len(rows)} that belong to it or name it"

        for meeting, rows in self.frozen.items():
            kinds = Counter(str(row.model._meta.verbose_name_plural) for row in rows)
            told = ", ".join(f"{kind} {number}" for kind, number in kinds.items())
            yield (
                f"left out, the meeting is closed here and its record frozen: {meeting} ({told}); "
                "reopen it, with a reason, and load again to take them over"
            )

    def _summary(self) -> str:
        left_out = len(self.deleted) + sum(len(rows) for each in (self.waiting, self.frozen) for rows in each.values())
        return (
            f"{len(self.created)} created, {len(self.updated)} updated, {len(self.unchanged)} unchanged, "
            f"{len(self.conflicts)} conflicts kept as they are here, {left_out} left out"
        )
