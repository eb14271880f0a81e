"""The minutes page as it is sent: whatever was typed on it is saved, whichever button was pressed, and what is refused
comes back as it was typed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from meetings.minutes.forms import FollowUpForm, NewActionForm, NewDecisionForm
from meetings.minutes.notes import SavedNotes, TypedNote, save_notes
from meetings.minutes.outcomes import FollowUp, StaleAction, follow_up, open_action, record_decision
from meetings.models import ActionItem, AgendaItem, Meeting
from members.models import User

_NOTE = re.compile(r"note-(\d{1,18})")
_GREATEST = 2**31 - 1


@dataclass
class Sent:
    """What a page brought: the notes, how many other things were written, and the forms that were refused, by the key of
    their agenda item or of the action that they follow up.
    """

    notes: SavedNotes = field(default_factory=SavedNotes)
    typed: dict[int, TypedNote] = field(default_factory=dict)
    number: int = 0
    refusal: str = ""
    decisions: dict[int, forms.Form] = field(default_factory=dict)
    actions: dict[int, forms.Form] = field(default_factory=dict)
    follow_ups: dict[int, forms.Form] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Whether anything that was typed is not saved."""
        return bool(self.refusal or self.notes.stale or self.decisions or self.actions or self.follow_ups)


def save_page(meeting: Meeting, sent: Mapping[str, Any], *, by: User) -> Sent:
    """Save all that was typed on the minutes page of a meeting."""
    found = Sent(typed=read_notes(sent))
    try:
        found.notes = save_notes(meeting, list(found.typed.values()), by=by)
    except ValidationError as error:
        found.refusal = " ".join(error.messages)
    items = AgendaItem.objects.select_related("session__meeting").prefetch_related("session__working_groups")
    known = {item.pk: item for item in items.filter(session__meeting=meeting)}
    _each(sent, "decision", NewDecisionForm, known, found, found.decisions, _record(by))
    _each(sent, "action", NewActionForm, known, found, found.actions, _open(by))
    actions = {action.pk: action for action in ActionItem.objects.visible_to(by).arising_at(meeting)}
    _each(sent, "arising", FollowUpForm, actions, found, found.follow_ups, _follow(meeting, by))
    return found


def read_notes(sent: Mapping[str, Any]) -> dict[int, TypedNote]:
    """Read the notes of a form, each with the revision that it began from, by the keys of their items."""
    matches = (_NOTE.fullmatch(name) for name in sent)
    keys = [int(match[1]) for match in matches if match]
    return {key: TypedNote(key, sent[f"note-{key}"], _number(sent.get(f"from-{key}", ""))) for key in keys}


def _number(text: str) -> int:
    """Read a revision's number; what is none is a number that no revision has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else _GREATEST


def _each(
    sent: Mapping[str, Any], kind: str, form_class: type[forms.Form], known: Mapping[int, Any], found: Sent,
    refused: dict[int, forms.Form], write: Callable[[Any, dict[str, Any]], bool],
) -> None:  # fmt: skip
    """Write what was typed into the forms of one kind; those that are refused are kept with the reasons."""
    for key in _filled(sent, kind):
        form = form_class(sent, prefix=f"{kind}-{key}")
        try:
            if key not in known:
                raise ValidationError(_("What this was about is no more."))
            if form.is_valid() and write(known[key], form.cleaned_data):
                found.number += 1
        except ValidationError as error:
            form.is_valid()
            form.add_error(None, error.messages)
        if form.errors:
            refused[key] = form


def _filled(sent: Mapping[str, Any], kind: str) -> Iterator[int]:
    """Give the keys of the forms of one kind in which something is typed."""
    pattern = re.compile(rf"{kind}-(\d{{1,18}})-\w+")
    matches = ((match, sent[name]) for name in sent if (match := pattern.fullmatch(name)))
    yield from dict.fromkeys(int(match[1]) for match, value in matches if value.strip())


def _record(by: User) -> Callable[[AgendaItem, dict[str, Any]], bool]:
    return lambda item, typed: bool(record_decision(item, typed["text"], by=by))


def _open(by: User) -> Callable[[AgendaItem, dict[str, Any]], bool]:
    def write(item: AgendaItem, typed: dict[str, Any]) -> bool:
        text, owners = typed["text"], typed["owners"] or []
        return bool(open_action(item, text, owners=owners, due_on=typed["due_on"], group=typed["group"], by=by))

    return write


def _follow(meeting: Meeting, by: User) -> Callable[[ActionItem, dict[str, Any]], bool]:
    def write(action: ActionItem, typed: dict[str, Any]) -> bool:
        change = FollowUp(**typed)
        if not change.is_typed:
            return False
        try:
            follow_up(action, change, meeting=meeting, by=by)
        except StaleAction as stale:
            raise ValidationError(
                _("Somebody changed this action meanwhile: now %(state)s. Save again to put your words in its place.")
                % {"state": stale.action.standing}
            ) from stale
        return True

    return write
