"""The sense of a file: what its entries refer to, and the rules that span several of them."""

from collections.abc import Iterable
from functools import cached_property

from b40.loading.applying import remembered_by_name
from b40.loading.problems import Place, did_you_mean
from b40.loading.rows import Entry, Model, Ref, Row
from members.dates import month_window
from members.models import Country, Organisation, Presidency, Status
from workinggroups.models import Topic, WorkingGroup

# Models that are referred to by a name somebody typed, with the attribute that holds it.
_NAMED: dict[Model, str] = {Organisation: "slug", WorkingGroup: "slug", Topic: "slug", Country: "code"}


def check_entries(found: Entry) -> None:
    """Note what makes no sense in a file of the right shape, before it is flattened."""
    _check_names(found)
    _check_terms(found.get("presidencies", []))
    for organisation in found.get("organisations", []):
        _check_log(organisation)
    for meeting in found.get("meetings", []):
        _check_days(meeting)


def check_references(rows: list[Row], summits: Iterable[Entry]) -> None:
    """Note every reference to what is neither in the file nor in the database."""
    known = _Known(rows)
    for row in rows:
        for attribute, refs in _references(row):
            for ref in refs:
                known.check(ref, row.place.key(attribute) if attribute else row.place)
    for meeting in summits:
        if meeting.get("summit_of"):
            known.check_presidency(meeting["summit_of"], meeting["@"].key("summit_of"))


def _references(row: Row) -> Iterable[tuple[str, list[Ref]]]:
    for attribute, ref in row.relations.items():
        if ref:
            yield attribute, [ref]
    yield from row.links.items()


class _Known:
    """What a reference may name: the file's rows and, asked once a model and only when needed, the database's."""

    def __init__(self, rows: list[Row]) -> None:
        self.in_file: dict[Model, set[str]] = {model: set() for model in _NAMED}
        for row in rows:
            if row.model in self.in_file:
                self.in_file[row.model].add(row.key[0])
        self.terms = {
            (row.relations["city"].key[0], row.key[0])
            for row in rows
            if row.model is Presidency and row.relations["city"]
        }
        self.stored: dict[Model, set[str]] = {}

    def check(self, ref: Ref, place: Place) -> None:
        """Note a reference that leads nowhere, with the closest name there is."""
        if (
            ref.model not in _NAMED
            or ref.key[0] in self.in_file[ref.model]
            or ref.key[0] in self._in_database(ref.model)
        ):
            return
        if remembered_by_name(ref.model, ref.key):
            return
        known = self.in_file[ref.model] | self.stored[ref.model]
        suggestion = did_you_mean(ref.key[0], known)
        place.problem(f'no {ref.model._meta.verbose_name} "{ref.key[0]}" in the file or the database{suggestion}')

    def check_presidency(self, slug: str, place: Place) -> None:
        """Note a presidency, written as city and first day, that is not there."""
        slugs = {f"{city}-{day}" for city, day in self.terms}
        if slug not in slugs and slug not in (known := slugs | self._stored_terms):
            place.problem(f'no presidency "{slug}" in the file or the database{did_you_mean(slug, known)}')

    def _in_database(self, model: Model) -> set[str]:
        if model not in self.stored:
            self.stored[model] = set(model._default_manager.values_list(_NAMED[model], flat=True))
        return self.stored[model]

    @cached_property
    def _stored_terms(self) -> set[str]:
        return {f"{city}-{day}" for city, day in Presidency.objects.values_list("city__slug", "started_on")}


def _check_names(found: Entry) -> None:
    seen: dict[tuple[str, str | None], Place] = {}
    for entry in found.get("organisations", []):
        if "name" not in entry:
            continue
        named = (entry["name"], entry.get("country"))
        first = seen.setdefault(named, entry["@"])
        if first is not entry["@"]:
            where = f" in {named[1]}" if named[1] else ""
            entry["@"].key("name").problem(
                f'{first.path} is also called "{named[0]}"{where}; tell the two apart in the name, or keep one of them'
            )


def _check_terms(entries: list[Entry]) -> None:
    terms = sorted(
        (entry for entry in entries if {"city", "started_on"} <= entry.keys()), key=lambda entry: entry["started_on"]
    )
    for index, term in enumerate(terms):
        following = terms[index + 1] if index + 1 < len(terms) else None
        if following and following["started_on"] == term["started_on"]:
            following["@"].key("started_on").problem(
                f"{term['@'].path} took over on {term['started_on']} as well; a handover has one incoming city"
            )
        elif following and following["city"] == term["city"] and not following.get("override_reason"):
            following["@"].key("city").problem(
                f'"{term["city"]}" holds the term before ({term["started_on"]}) too, and the statute rules out two '
                "in a row; "
                'correct one of them, or say in "override_reason" why the rule was set aside'
            )
        _check_presidents(term, following)


def _check_presidents(term: Entry, following: Entry | None) -> None:
    for president in term.get("presidents", []):
        if "on" not in president:
            continue
        latest = president["on"][1]
        if latest < term["started_on"] or (following and latest >= following["started_on"]):
            until = f" to {following['started_on']}" if following else ""
            president["@"].key("on").problem(
                f"{latest} lies outside the term, from {term['started_on']}{until}; correct the day or move the entry"
            )


def _check_log(organisation: Entry) -> None:
    changes = sorted(
        (change for change in organisation.get("membership", []) if {"on", "status"} <= change.keys()),
        key=lambda change: change["on"][1],
    )
    for index, change in enumerate(changes):
        before = changes[index - 1] if index else None
        if change["status"] == Status.ENDED and (before is None or before["status"] == Status.ENDED):
            change["@"].problem("a membership cannot end before it began; give what it was before, with an earlier day")
        elif before and before["on"][1] == change["on"][1]:
            change["@"].key("on").problem(f"{before['@'].path} has the same latest day; a day holds one change")


def _check_days(meeting: Entry) -> None:
    if "days" not in meeting:
        return
    start, end = meeting["days"]
    if start is None:
        meeting["@"].key("days").problem(
            "a meeting needs its first day; write 2025-04-09, 2026-01-25/2026-01-27 or, for a month, 2022-06"
        )
    elif (end - start).days > 60 and (start, end) != month_window(end.year, end.month):
        meeting["@"].key("days").problem(
            f"{(end - start).days + 1} days are too many for one meeting; write its days, or its month as in 2022-06"
        )
