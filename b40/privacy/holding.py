"""What is held about one person, in words and as a file."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Manager, Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b40.privacy.subject import TRACES, subject_of
from meetings.models import CalendarLink
from members.models import Change, Person, User

# Of accounts and what belongs to them; secrets and keys are nobody's to read, not even their owner's.
ACCOUNT = ("username", "email", "date_joined", "last_login", "is_active")
OF_ACCOUNTS: tuple[tuple[str, Any, type[Model], tuple[str, ...]], ...] = (
    ("addresses", gettext_lazy("Mail addresses of the account"), EmailAddress, ("email", "verified", "primary")),
    (
        "sessions",
        gettext_lazy("Where you are signed in"),
        UserSession,
        ("created_at", "last_seen_at", "ip", "user_agent"),
    ),
    ("second_factors", gettext_lazy("Ways to sign in safely"), Authenticator, ("type", "created_at", "last_used_at")),
    (
        "calendar_links",
        gettext_lazy("Addresses of your calendar"),
        CalendarLink,
        ("created_at", "revoked_at", "last_used_on"),
    ),
    ("changes", gettext_lazy("What you changed"), Change, ("at", "action", "label", "reason")),
)


@dataclass(frozen=True)
class Holding:
    """One kind of data about somebody: its rows by column, and what the columns are called."""

    key: str
    heading: str
    rows: list[dict[str, Any]]
    columns: dict[str, str]

    @property
    def readable(self) -> list[list[tuple[str, str]]]:
        """Give each row as pairs of a heading and a text, without what is empty."""
        return [
            [(self.columns[name], _in_words(value)) for name, value in row.items() if value not in (None, "", [], {})]
            for row in self.rows
        ]


def holdings_of(user: User) -> list[Holding]:
    """Read all that is held about the person of an account, or about the account alone. Some thirty queries, however much."""
    found = [_holding("account", _("Your account"), User, [user], ACCOUNT)]
    for key, heading, model, columns in OF_ACCOUNTS:
        rows = model._default_manager.filter(user=user).order_by("pk")
        found.append(_holding(key, heading, model, rows, columns))
    return found + (_of_person(user.person) if user.person else [])


def _of_person(person: Person) -> list[Holding]:
    subject = subject_of(person)
    own = [_holding("person", _("Your name on record"), Person, [person], ("name",))]
    return own + [_holding(trace.key, trace.heading, trace.model, trace.rows(subject), trace.shown) for trace in TRACES]


def _holding(key: str, heading: Any, model: type[Model], rows: Iterable[Any], columns: tuple[str, ...]) -> Holding:
    headings = {column: _heading_of(model, column) for column in columns}
    return Holding(key, str(heading), [_row(row, columns) for row in rows], headings)


def _row(record: Model, columns: tuple[str, ...]) -> dict[str, Any]:
    return {column: _value(record, column) for column in columns}


def _value(record: Any, column: str) -> Any:
    """Give a value as people and JSON read it: relations by name, choices by word, moments with their zone."""
    for part in column.split("__")[:-1]:
        record = getattr(record, part)
    name = column.rpartition("__")[2]
    value = getattr(record, name)
    if isinstance(value, Manager) or hasattr(value, "get_queryset"):
        return [str(each) for each in value.all()]
    if hasattr(record, f"get_{name}_display"):
        return str(getattr(record, f"get_{name}_display")())
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _heading_of(model: type[Model], column: str) -> str:
    """Say a column in words: what the model calls it."""
    first, _separator, rest = column.partition("__")
    field: Any = model._meta.get_field(first)
    if rest:
        return _heading_of(field.related_model, rest)
    named = field if hasattr(field, "verbose_name") else field.related_model._meta
    return str(capfirst(named.verbose_name))


def as_json(user: User) -> str:
    """Write all that is held about somebody as a file for programs."""
    held = {holding.key: holding.rows for holding in holdings_of(user)}
    return json.dumps({"written_at": _plain(timezone.now()), **held}, ensure_ascii=False, indent=2)
