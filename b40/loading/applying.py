"""Bringing rows into the database: kind by kind, in one transaction, through the models' own rules."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models, transaction

from b40.loading.merging import Merge, Wanted, merge, plain, remembered
from b40.loading.problems import LoadError, Problem
from b40.loading.report import Conflict, Report
from b40.loading.rows import KINDS, Key, Kind, Model, Ref, Row
from b40.models import LoadedRecord
from meetings.frozen import Frozen
from meetings.models import Meeting

_BATCH = 400
# What a field is called in the file, where the two differ.
_IN_FILE = {"earliest": "on", "latest": "on", "start_on": "days", "end_on": "days", "is_native": "native"}
Progress = Callable[[str, int, int], None]


def apply_rows(rows: list[Row], *, dry_run: bool, progress: Progress) -> Report:
    """Write rows, all or none.

    Takes rows in the order of their kinds, and a function that is told the kind and how many of all rows are done. With
    `dry_run` everything is done and then undone. Raises LoadError with every row that a rule of the models refuses;
    nothing is written then.
    """
    with transaction.atomic():
        loader = _Loader(rows, progress)
        report = loader.run()
        if loader.problems:
            raise LoadError(loader.problems)
        if dry_run:
            transaction.set_rollback(True)
    return report


class _Loader:
    def __init__(self, rows: list[Row], progress: Progress) -> None:
        self.by_model: dict[Model, list[Row]] = defaultdict(list)
        for row in rows:
            self.by_model[row.model].append(row)
        self.total = len(rows)
        self.done = 0
        self.progress = progress
        self.report = Report()
        self.problems: list[Problem] = []
        self.objects: dict[Ref, models.Model] = {}
        self.refused: set[Ref] = set()
        self.frozen: dict[Ref, Meeting] = {}
        self.moved: list[tuple[Row, Any]] = []

    def run(self) -> Report:
        for kind in KINDS:
            self._find_referred(kind)
            if self.by_model[kind.model]:
                self._load_kind(kind)
        self._check_moved()
        return self.report

    def _check_moved(self) -> None:
        """Check again, now that all parts are in, the records whose parts may have been left behind."""
        for row, target in self.moved:
            target.parts_follow = False
            try:
                target.clean()
            except ValidationError as error:
                self.problems += _problems(row, error)

    def _find_referred(self, kind: Kind) -> None:
        """Fetch what rows name of this kind and the file itself does not hold."""
        in_file = {row.ref for row in self.by_model[kind.model]}
        named = {
            ref for rows in self.by_model.values() for row in rows for ref in _refs(row) if ref.model is kind.model
        }
        (attribute, *_), missing = kind.natural, {ref.key[0] for ref in named - in_file}
        for part in _batched(sorted(missing)):
            for found in kind.model._default_manager.filter(**{f"{attribute}__in": part}):
                self.objects[Ref(kind.model, (str(plain(getattr(found, attribute))),))] = found
        self._find_merged(kind, [key for key in missing if Ref(kind.model, (key,)) not in self.objects])

    def _find_merged(self, kind: Kind, names: list[str]) -> None:
        """Find what bore a name before it was merged into another record, or before staff gave it another one."""
        for name, found in remembered_by_name(kind.model, names).items():
            self.objects[Ref(kind.model, (name,))] = found

    def _load_kind(self, kind: Kind) -> None:
        self.progress(str(kind.model._meta.verbose_name_plural), self.done, self.total)
        rows = self.by_model[kind.model]
        wanted = [one for one in map(self._resolve, rows) if one]
        store = _Store(kind, wanted)
        for one in wanted:
            self._load(one, store)
        store.remember()
        self.done += len(rows)

    def _resolve(self, row: Row) -> Wanted | None:
        """Put objects in the place of references; None when one that the row cannot do without is not there."""
        related: dict[str, models.Model | None] = {}
        for name, ref in row.relations.items():
            if ref and ref not in self.objects:
                self._leave_out(row, ref)
                return None
            related[name] = self.objects[ref] if ref else None
        values = dict(row.fields)
        for name, target in related.items():
            values[row.model._meta.get_field(name).attname] = target.pk if target else None  # type: ignore[union-attr]
        links = {
            name: sorted(str(self.objects[ref].pk) for ref in refs if ref in self.objects)
            for name, refs in row.links.items()
        }
        return Wanted(row, values, related, links)

    def _leave_out(self, row: Row, ref: Ref) -> None:
        """Note a row that cannot stand without another: one that staff deleted, or one that a rule refused."""
        if ref in self.frozen:
            self._leave_frozen(row, self.frozen[ref])
        elif ref in self.refused:
            self.refused.add(row.ref)
        else:
            self.report.waiting[ref].append(row)

    def _leave_frozen(self, row: Row, meeting: Meeting) -> None:
        """Note a row that would change the record of a closed meeting; what needs the row is left out with it."""
        self.frozen[row.ref] = meeting
        self.report.frozen[str(meeting)].append(row)

    def _load(self, wanted: Wanted, store: "_Store") -> None:
        row = wanted.row
        found, memory = store.find(wanted)
        if found is None and memory:
            self.report.deleted.append(row)
            return
        base = memory.values if memory else None
        result = merge(wanted, found, base) if found else Merge(changes=wanted.values, additions=wanted.links)
        for name, (said, present) in result.conflicts.items():
            self.report.conflicts.append(Conflict(row, name.removesuffix("_id"), said, present))
        target = found or row.model()
        try:
            is_written = not (found is None or result.touched) or self._write(wanted, target, result)
        except Frozen as frozen:
            self._leave_frozen(row, frozen.meeting)
            if found:
                self._keep(row, found)
            return
        if not is_written:
            self.refused.add(row.ref)
            return
        self._note(row, found is None, result)
        self.objects[row.ref] = target
        store.learn(wanted, target, memory)

    def _keep(self, row: Row, found: models.Model) -> None:
        """Take an object as it stands in the database, for what refers to it."""
        self.moved = [(moved, target) for moved, target in self.moved if target is not found]
        found.refresh_from_db()
        self.objects[row.ref] = found

    def _note(self, row: Row, is_new: bool, result: Merge) -> None:
        if is_new:
            self.report.created.append(row)
        elif result.touched:
            self.report.updated.append((row, [name.removesuffix("_id") for name in result.touched]))
        else:
            self.report.unchanged.append(row)

    def _write(self, wanted: Wanted, target: models.Model, result: Merge) -> bool:
        """Save an object and its new links; False when a rule refuses it, which is noted at the row's place.

        Raises Frozen, with nothing written, when it belongs to a closed meeting.
        """
        for name, value in result.changes.items():
            setattr(target, name, value)
        for name, other in wanted.related.items():
            if wanted.row.model._meta.get_field(name).attname in result.changes:  # type: ignore[union-attr]
                setattr(target, name, other)
        if target.pk and hasattr(target, "parts_follow"):
            target.parts_follow = True
            self.moved.append((wanted.row, target))
        try:
            target.full_clean(exclude={field.name for field in target._meta.fields if not field.editable})
            target.save()
            for name, additions in result.additions.items():
                getattr(target, name).add(*additions)
        except Frozen:
            raise
        except ValidationError as error:
            self.problems += _problems(wanted.row, error)
            return False
        except DatabaseError as error:
            raise LoadError(
                [*self.problems, Problem(wanted.row.place.path, f"the database refuses this: {error}")]
            ) from error
        return True


class _Store:
    """What is in the database of one kind: the objects that rows speak of, and what is remembered of them."""

    def __init__(self, kind: Kind, wanted: list[Wanted]) -> None:
        self.kind = kind
        self.label = kind.model._meta.label
        self.memory = self._read_memory(wanted)
        self.by_pk = {
            str(found.pk): found for found in self._fetch("pk", {memory.object_id for memory in self.memory.values()})
        }
        strangers = [one for one in wanted if not self._is_known(one)]
        self.by_nature = self._read_by_nature(strangers)
        self.fresh: list[LoadedRecord] = []
        self.changed: list[LoadedRecord] = []

    def find(self, wanted: Wanted) -> tuple[models.Model | None, LoadedRecord | None]:
        """Give the object of a row, or None, and what is remembered of it, or None."""
        memory = self.memory.get(_memory_key(wanted.row.key))
        if memory and memory.object_id in self.by_pk:
            return self.by_pk[memory.object_id], memory
        alike = self.by_nature.get(self._nature_of_row(wanted))
        return (alike.pop(0) if alike else None), memory

    def learn(self, wanted: Wanted, target: models.Model, memory: LoadedRecord | None) -> None:
        """Note what is to be remembered of a row's object."""
        known = memory.values if memory else None
        values, pk = remembered(wanted, known), str(target.pk)
        if memory is None:
            self.fresh.append(
                LoadedRecord(kind=self.label, key=_memory_key(wanted.row.key), object_id=pk, values=values)
            )
        elif (values, pk) != (memory.values, memory.object_id):
            memory.values, memory.object_id = values, pk
            self.changed.append(memory)

    def remember(self) -> None:
        """Write down what was learnt; asks nothing of the database when that is nothing."""
        LoadedRecord.objects.bulk_create(self.fresh, batch_size=_BATCH)
        LoadedRecord.objects.bulk_update(self.changed, ["values", "object_id"], batch_size=_BATCH)

    def _is_known(self, wanted: Wanted) -> bool:
        memory = self.memory.get(_memory_key(wanted.row.key))
        return bool(memory and memory.object_id in self.by_pk)

    def _read_memory(self, wanted: list[Wanted]) -> dict[str, LoadedRecord]:
        keys = (_memory_key(one.row.key) for one in wanted)
        records = LoadedRecord.objects.filter(kind=self.label)
        return {record.key: record for part in _batched(keys) for record in records.filter(key__in=part)}

    def _read_by_nature(self, wanted: list[Wanted]) -> dict[Key, list[models.Model]]:
        scope = self.kind.natural[0]
        scopes = {one.values.get(scope) for one in wanted}
        found: dict[Key, list[models.Model]] = defaultdict(list)
        taken = set(self.by_pk)
        for one in self._fetch(scope, scopes):
            if str(one.pk) not in taken:
                found[self._nature(one)].append(one)
        return found

    def _fetch(self, attribute: str, values: Iterable[Any]) -> Iterator[models.Model]:
        manager = self.kind.model._default_manager
        links = [field.name for field in self.kind.model._meta.many_to_many]
        wanted = sorted((value for value in values if value is not None), key=str)
        for part in _batched(wanted):
            yield from manager.filter(**{f"{attribute}__in": part}).order_by("pk").prefetch_related(*links)
        if None in values:
            yield from manager.filter(**{f"{attribute}__isnull": True}).order_by("pk").prefetch_related(*links)

    def _nature(self, found: models.Model) -> Key:
        nature = tuple(str(plain(getattr(found, name))) for name in self.kind.natural)
        if not self.kind.by_links:
            return nature
        return (*nature, *sorted(str(one.pk) for one in getattr(found, self.kind.by_links).all()))

    def _nature_of_row(self, wanted: Wanted) -> Key:
        defaults = {field.attname: field.get_default() for field in self.kind.model._meta.concrete_fields}
        nature = tuple(str(plain(wanted.values.get(name, defaults[name]))) for name in self.kind.natural)
        return (*nature, *wanted.links.get(self.kind.by_links, []))


def remembered_by_name(model: Model, names: Iterable[str]) -> dict[str, models.Model]:
    """Find the objects that earlier loads remember under some names, whatever they are called by now."""
    records = LoadedRecord.objects.filter(kind=model._meta.label)
    by_key = {_memory_key((name,)): name for name in names}
    known = {by_key[one.key]: one.object_id for part in _batched(by_key) for one in records.filter(key__in=part)}
    there = {
        str(one.pk): one for part in _batched({*known.values()}) for one in model._default_manager.filter(pk__in=part)
    }
    return {name: there[key] for name, key in known.items() if key in there}


def _memory_key(key: Key) -> str:
    return json.dumps(key, ensure_ascii=False)


def _refs(row: Row) -> Iterator[Ref]:
    yield from filter(None, row.relations.values())
    for refs in row.links.values():
        yield from refs


def _problems(row: Row, error: ValidationError) -> Iterator[Problem]:
    errors: dict[str, list[ValidationError]] = error.update_error_dict({})  # a signal's refusal names no field
    for name, refused in errors.items():
        place = row.place if name == NON_FIELD_ERRORS else row.place.key(_IN_FILE.get(name, name))
        for message in (message for one in refused for message in one.messages):
            yield Problem(place.path, message)


def _batched(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Part values into lists that fit into one query."""
    rest = iter(values)
    while part := list(islice(rest, _BATCH)):
        yield part
