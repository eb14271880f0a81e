"""The tables: their columns, how a row finds its record, and how a cell becomes a value."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, cast

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import Attendance, Channel, Meeting, Session
from members.models import Country, Mandate, MandateRole, Organisation, Person
from members.resolver import Resolution, resolve_all

EMPTIED = "-"

Row = dict[str, str]


@dataclass
class Found:
    """The record that a row means: one on record, or a new one; what cannot be understood, by column."""

    record: Any
    problems: dict[str, str] = field(default_factory=dict)


class SheetTable(ABC):
    """One kind of table. `columns` are the heads, in order; `keys` those that find the record."""

    name: ClassVar[str]
    title: ClassVar[Any]
    model: ClassVar[type[models.Model]]
    columns: ClassVar[tuple[str, ...]]
    keys: ClassVar[tuple[str, ...]]
    required: ClassVar[tuple[str, ...]]

    @abstractmethod
    def prepare(self, rows: list[Row]) -> None:
        """Read what the rows refer to, in a number of queries that does not depend on how many there are."""

    @abstractmethod
    def find(self, row: Row) -> Found:
        """Find the record of a row, or make a new one in memory."""

    def finding(self, row: Row) -> set[str]:
        """Give the columns that found the record: they say which it is, and change nothing."""
        return set(self.keys)

    @abstractmethod
    def shown(self, record: Any) -> Row:
        """Give a record as a row of texts."""

    @abstractmethod
    def records(self) -> "models.QuerySet[Any]":
        """Every record that an export holds, with what `shown` needs."""

    def value(self, column: str, text: str, record: Any) -> Any:
        """Turn a cell's text into the field's value. Raises ValidationError saying what it may be."""
        wanted = _field(self.model, column)
        if isinstance(wanted, models.CharField) and wanted.choices:
            return _choice(wanted, text)
        if isinstance(wanted, models.DateField):
            return _day(text)
        if isinstance(wanted, models.DecimalField | models.IntegerField):
            asked = wanted.formfield()
            return asked.clean(_number(text)) if asked else None
        return wanted.clean(text, record)

    def empty(self, column: str) -> Any:
        """Give the value of an emptied cell."""
        wanted = _field(self.model, column)
        if not wanted.blank and not wanted.null:
            raise ValidationError(_("This may not be empty."))
        return None if wanted.null else ""

    def assign(self, record: Any, column: str, value: Any) -> None:
        """Put a value into the record."""
        setattr(record, column, value)

    def save(self, record: Any) -> None:
        """Save a record whose rules were checked."""
        record.save()


class OrganisationTable(SheetTable):
    """Cities, and the bodies that are none."""

    name = "organisations"
    title = gettext_lazy("cities and other organisations")
    model = Organisation
    columns = (
        "slug", "name", "kind", "country", "abbreviation", "latitude", "longitude", "population", "population_year", "website", "description", "note",
    )  # fmt: skip
    keys = ("slug", "name")
    required = ("name",)

    def prepare(self, rows: list[Row]) -> None:
        slugs = [row["slug"] for row in rows if row.get("slug")]
        self.by_slug = {
            each.slug: each for each in Organisation.objects.filter(slug__in=slugs).select_related("country")
        }
        self.countries = {key: each for each in Country.objects.all() for key in (each.code.lower(), each.name.lower())}
        self.named = _named(row["name"] for row in rows if row.get("name") and not row.get("slug"))

    def find(self, row: Row) -> Found:
        slug, name = row.get("slug", ""), row.get("name", "")
        if slug:
            return Found(self.by_slug.get(slug) or Organisation(slug=slug))
        found = self.named.get(name)
        if found and found.candidates and not found.organisation:
            return Found(None, {"name": found.message})
        if found and found.organisation:
            return Found(found.organisation)
        return Found(
            Organisation(slug=slugify(anyascii(name))[:80]),
            {} if name else {"name": _("Name the organisation, or give its slug.")},
        )

    def finding(self, row: Row) -> set[str]:
        return {"slug"} if row.get("slug") else {"name"}

    def value(self, column: str, text: str, record: Any) -> Any:
        if column == "country":
            country = self.countries.get(text.lower())
            if country is None:
                raise ValidationError(_("No country of this code or name is on record."))
            return country
        return super().value(column, text, record)

    def shown(self, record: Organisation) -> Row:
        return {
            column: _text(record.country_id if column == "country" else getattr(record, column))
            for column in self.columns
        }

    def records(self) -> "models.QuerySet[Organisation]":
        return Organisation.objects.select_related("country").order_by("pk")


class ContactTable(SheetTable):
    """Whom to write to."""

    name = "contacts"
    title = gettext_lazy("contacts and delegates")
    model = Mandate
    columns = ("organisation", "person", "role", "position", "email", "phone", "starts_on", "ends_on", "note")
    keys = ("organisation", "person", "role")
    required = ("organisation", "person")

    def prepare(self, rows: list[Row]) -> None:
        self.organisations = _named(row["organisation"] for row in rows if row.get("organisation"))
        names = {row["person"] for row in rows if row.get("person")}
        self.people: dict[str, Person] = {
            each.name: each for each in Person.objects.filter(name__in=names).order_by("-pk")
        }
        running = Mandate.objects.filter(ends_on=None, person__name__in=names).select_related("person", "organisation")
        self.running = {(each.organisation_id, each.person.name, each.role): each for each in running}

    def find(self, row: Row) -> Found:
        problems = {column: _("This may not be empty.") for column in self.required if not row.get(column)}
        organisation = _the_one(self.organisations, row.get("organisation", ""), "organisation", problems)
        role = MandateRole.CONTACT.value
        try:
            role = _choice(Mandate._meta.get_field("role"), row["role"]) if row.get("role") else role
        except ValidationError as error:
            problems["role"] = " ".join(error.messages)
        if organisation is None or problems:
            return Found(None, problems)
        name = row["person"]
        known = self.running.get((organisation.pk, name, role))
        return Found(
            known
            or Mandate(organisation=organisation, person=self.people.setdefault(name, Person(name=name)), role=role)
        )

    def value(self, column: str, text: str, record: Any) -> Any:
        return getattr(record, column) if column in self.keys else super().value(column, text, record)

    def save(self, record: Mandate) -> None:
        person = record.person
        if person._state.adding:
            person.full_clean(exclude=["search"])
            person.save()
        record.person = person  # now with its key
        record.save()

    def shown(self, record: Mandate) -> Row:
        names = {"organisation": record.organisation.slug, "person": record.person.name}
        return {column: names.get(column) or _text(getattr(record, column)) for column in self.columns}

    def records(self) -> "models.QuerySet[Mandate]":
        return Mandate.objects.select_related("organisation", "person").order_by("pk")


class AttendanceTable(SheetTable):
    """The ledger, row by row."""

    name = "attendance"
    title = gettext_lazy("attendance")
    model = Attendance
    columns = ("meeting", "session", "organisation", "presence", "mode", "capacity", "channel", "certainty", "basis")
    keys = ("meeting", "session", "organisation", "channel")
    required = ("meeting", "organisation")
    sessions: dict[int, list[Session]] | None = None

    def prepare(self, rows: list[Row]) -> None:
        slugs = {row["meeting"] for row in rows if row.get("meeting")}
        self.meetings = {each.slug: each for each in Meeting.objects.filter(slug__in=slugs)}
        self.sessions = {}
        for session in Session.objects.filter(meeting__slug__in=slugs).order_by("meeting", "order", "starts_at", "pk"):
            self.sessions.setdefault(session.meeting_id, []).append(session)
        self.organisations = _named(row["organisation"] for row in rows if row.get("organisation"))
        ledger = Attendance.objects.filter(meeting__slug__in=slugs).select_related("organisation", "meeting", "session")
        self.ledger = {(each.meeting_id, each.session_id, each.organisation_id, each.channel): each for each in ledger}

    def find(self, row: Row) -> Found:
        problems: dict[str, str] = {}
        meeting = self.meetings.get(row.get("meeting", ""))
        if meeting is None:
            problems["meeting"] = _("No meeting has this address: give the last part of its page's address.")
        organisation = _the_one(self.organisations, row.get("organisation", ""), "organisation", problems)
        session = self._session(meeting, row.get("session", ""), problems)
        channel = Channel.SECRETARIAT.value
        try:
            channel = _choice(Attendance._meta.get_field("channel"), row["channel"]) if row.get("channel") else channel
        except ValidationError as error:
            problems["channel"] = " ".join(error.messages)
        if problems or meeting is None or organisation is None:
            return Found(None, problems)
        known = self.ledger.get((meeting.pk, session.pk if session else None, organisation.pk, channel))
        return Found(known or Attendance(meeting=meeting, session=session, organisation=organisation, channel=channel))

    def _session(self, meeting: Meeting | None, text: str, problems: dict[str, str]) -> Session | None:
        """The second session is "2"; an empty cell is the meeting as a whole."""
        if not text or meeting is None:
            return None
        sessions = self.sessions_of(meeting.pk)
        if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= len(sessions):
            return sessions[int(text) - 1]
        problems["session"] = _(
            "This meeting has %(number)s sessions: write 1 for the first, or nothing for all of it."
        ) % {"number": len(sessions)}
        return None

    def value(self, column: str, text: str, record: Any) -> Any:
        return getattr(record, column) if column in self.keys else super().value(column, text, record)

    def shown(self, record: Attendance) -> Row:
        place = ""
        if record.session_id:
            order = [each.pk for each in self.sessions_of(record.meeting_id)]
            place = str(order.index(record.session_id) + 1)
        names = {"meeting": record.meeting.slug, "organisation": record.organisation.slug, "session": place}
        return {column: names[column] if column in names else _text(getattr(record, column)) for column in self.columns}

    def sessions_of(self, meeting: int) -> list[Session]:
        """The sessions of a meeting in their order; all are read once."""
        if self.sessions is None:
            self.sessions = {}
            for session in Session.objects.order_by("meeting", "order", "starts_at", "pk").only("pk", "meeting"):
                self.sessions.setdefault(session.meeting_id, []).append(session)
        return self.sessions.get(meeting, [])

    def records(self) -> "models.QuerySet[Attendance]":
        return Attendance.objects.select_related("meeting", "session", "organisation").order_by("pk")


TABLES: dict[str, type[SheetTable]] = {each.name: each for each in (OrganisationTable, ContactTable, AttendanceTable)}


def _field(model: type[models.Model], column: str) -> "models.Field[Any, Any]":
    return cast("models.Field[Any, Any]", model._meta.get_field(column))


# --- Cells -----------------------------------------------------------------------------------------------------------


def _named(texts: Iterable[str]) -> dict[str, Resolution]:
    """Resolve names; a slug is a name too."""
    wanted = set(texts)
    found = resolve_all(wanted)
    by_slug = {each.slug: each for each in Organisation.objects.filter(slug__in=wanted)}
    return {
        text: Resolution(text, found[text].outcome, by_slug[text]) if text in by_slug else found[text]
        for text in wanted
    }


def _the_one(named: dict[str, Resolution], text: str, column: str, problems: dict[str, str]) -> Organisation | None:
    resolution = named.get(text)
    if resolution is None:
        problems.setdefault(column, _("This may not be empty."))
        return None
    if resolution.organisation is None:
        problems[column] = resolution.message
    return resolution.organisation


def _choice(wanted: Any, text: str) -> Any:
    """Take a choice by its code or by its name, in any case."""
    codes = {str(word).lower(): code for code, label in wanted.choices for word in (code, label) if str(word)}
    try:
        return codes[text.lower()]
    except KeyError:
        allowed = ", ".join(str(code) for code, _label in wanted.choices if code)
        raise ValidationError(_("Choose one of: %(allowed)s.") % {"allowed": allowed}) from None


def _day(text: str) -> dt.date:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"):
        try:
            return dt.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise ValidationError(_("Write the day as 2026-01-31 or 31.01.2026."))


def _number(text: str) -> str:
    """Take "41,0082" for a number too: half of the region writes it so."""
    return (
        text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
        if text.count(",") <= 1 and "." not in text
        else text
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, dt.date) else str(value)
