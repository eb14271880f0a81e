"""Erasing a person: every name and address becomes a neutral word, and no number of the record changes.

First the rows of `subject.TRACES`, each by what it is; then, in every text of every table, what is left of the names and
addresses (`sweeping`), the history last. One transaction: everything or nothing.
"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session as BrowserSession
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from b40.privacy.subject import TRACES, Subject, Trace, subject_of
from b40.privacy.sweeping import Wording, sweep, text_fields
from meetings.frozen import lifted
from meetings.models import CalendarLink, Letter
from members.consenting import refusal_to_erase
from members.history import acting
from members.history.forgetting import delete_and_forget, forget_values, rename_writer
from members.models import AccountInvitation, ErasureRequest, Mandate, Person, User

# A name in the domain that never exists (RFC 2606): an address is still one, and no mail gets anywhere.
NOWHERE = "erased.invalid"


@dataclass
class Erased:
    """What was done: how many rows of each kind, in how many texts, and what people should still read."""

    person: Person
    rows: dict[str, int] = field(default_factory=dict)
    texts: int = 0
    is_common_name: bool = False


@transaction.atomic
def erase_person(person: Person, *, by: User) -> Erased:
    """Take everything that names somebody out of the database, its history included; give what was done.

    Their account is closed and deleted. Raises ValidationError, with nothing changed, for whoever is part of the public
    record. Where somebody else on record has the same name, texts are swept for the addresses alone and the rows that are
    theirs for the name too; `is_common_name` then asks people to look.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    refusal = refusal_to_erase(person)
    if refusal:
        raise ValidationError(refusal)
    subject = subject_of(person)
    done = Erased(person)
    with acting(user=by, reason=_("erased on request")), lifted():
        names = _replace_rows(subject, done)
        done.is_common_name = _has_namesake(subject)
        _close_account(subject)
        _rename(subject, by)
    done.texts = sweep(Wording(
        {} if done.is_common_name else {name: neutral_name(person) for name in names if len(name.split()) > 1},
        {address: neutral_address(person, address, subject) for address in subject.addresses},
    ))  # fmt: skip
    transaction.on_commit(lambda: _forget_outside(subject))
    return done


def neutral_name(person: Person) -> str:
    """Give the word that stands for somebody who was erased; with a number, so that two stay two."""
    return f"Erased person {person.pk}"


def neutral_address(person: Person, address: str, subject: Subject) -> str:
    """Give what stands for one of somebody's addresses."""
    addresses = sorted(subject.addresses)
    return f"erased-{person.pk}-{addresses.index(address)}@{NOWHERE}"


def _has_namesake(subject: Subject) -> bool:
    return Person.objects.filter(search=subject.person.search).exclude(pk=subject.person.pk).exists()


def _replace_rows(subject: Subject, done: Erased) -> set[str]:
    """Treat the rows that are somebody's; give every way in which these wrote the name."""
    names = set(subject.names)
    for trace in TRACES:
        rows = list(trace.rows(subject))
        done.rows[trace.key] = len(rows)
        for row in rows:
            if trace.name and getattr(row, trace.name):
                names.add(getattr(row, trace.name))
            _replace_row(trace, row, subject)
    return names


def _replace_row(trace: Trace, row: Any, subject: Subject) -> None:
    neutral = _neutral_values(trace, row, subject)
    if trace.is_deleted:
        texts = {each.name for each in text_fields(trace.model)} & {*trace.shown}
        delete_and_forget(row, dict.fromkeys(texts, neutral_name(subject.person)))
        return
    for column, value in neutral.items():
        setattr(row, column, value)
    _settle(row)
    _save_apart(row, trace, neutral)
    forget_values(row, {column: value or "–" for column, value in neutral.items()})


def _save_apart(row: Any, trace: Trace, neutral: dict[str, str]) -> None:
    """Save a row; where the same person stood twice under different names, it stays two by its number."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        if not trace.name:
            raise
        neutral[trace.name] = f"{neutral[trace.name]} ({row.pk})"
        setattr(row, trace.name, neutral[trace.name])
        row.save()


def _neutral_values(trace: Trace, row: Any, subject: Subject) -> dict[str, str]:
    values = dict.fromkeys(trace.emptied, "")
    if trace.name:
        values[trace.name] = neutral_name(subject.person)
    if trace.address:
        address = getattr(row, trace.address).lower()
        known = address in subject.addresses
        values[trace.address] = (
            neutral_address(subject.person, address, subject) if known else address and f"erased-{row.pk}@{NOWHERE}"
        )
    return values


def _settle(row: Any) -> None:
    """End what would go on: a mandate, a letter that waits, an invitation to an account."""
    if isinstance(row, Mandate):
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        row.ends_on = min(row.ends_on or yesterday, yesterday)
        row.starts_on = row.starts_on and min(row.starts_on, row.ends_on)
    elif isinstance(row, Letter) and not row.is_settled:
        row.failed_at, row.trouble = timezone.now(), _("The person was erased.")
    elif isinstance(row, AccountInvitation) and row.stands:
        row.withdrawn_at = timezone.now()


def _close_account(subject: Subject) -> None:
    """Delete the account; where rows of the record name it as their writer, it stays as an empty shell."""
    user = subject.user
    if user is None:
        return
    rename_writer(user, neutral_name(subject.person))
    for session in BrowserSession.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
    belongings: tuple[Any, ...] = (UserSession, EmailAddress, Authenticator, CalendarLink)
    for model in belongings:
        for row in model._default_manager.filter(user=user):
            row.delete()
    try:
        with transaction.atomic():
            user.delete()
    except ProtectedError:
        _empty(user)


def _empty(user: User) -> None:
    user.username, user.email, user.first_name, user.last_name = f"erased-{user.pk}", "", "", ""
    user.is_active, user.is_superuser, user.person, user.last_login = False, False, None, None
    user.set_unusable_password()
    user.save()


def _rename(subject: Subject, by: User) -> None:
    """Give the person the neutral name, and note that it is done."""
    person = subject.person
    person.name = neutral_name(person)
    person.save()
    forget_values(person, {"name": person.name})
    for request in ErasureRequest.objects.waiting().filter(person=person):
        request.decided_at, request.decided_by = timezone.now(), by
        request.save(update_fields=["decided_at", "decided_by"])
    for mandate in person.mandates.all():
        forget_values(mandate, {})  # its label bears the name


def _forget_outside(subject: Subject) -> None:
    """Clear what is kept beside the database: drawn pages, and mails that were written into a folder."""
    for cache in caches.all():
        cache.clear()
    folder = Path(settings.EMAIL_FILE_PATH)
    for file in folder.glob("*.log") if folder.is_dir() else []:
        text = file.read_text(encoding="utf-8", errors="replace").lower()
        if any(address in text for address in subject.addresses):
            file.unlink()
