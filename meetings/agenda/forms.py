"""What is typed into one row of the agenda."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import AgendaItem

LONGEST = 1_440  # minutes: a day


class ItemForm(forms.Form):
    """Takes the keys of the sessions and of the topics that there are."""

    session = forms.TypedChoiceField(
        coerce=int, label=_("Session"),
        error_messages={
            "required": _("Its session is no more: choose another one."),
            "invalid_choice": _("Its session is no more: choose another one."),
        },
    )  # fmt: skip
    title = forms.CharField(
        max_length=AgendaItem._meta.get_field("title").max_length, required=False, label=_("Title"),
        error_messages={"max_length": _("A title has at most %(limit_value)d characters; this one has %(show_value)d.")},
    )  # fmt: skip
    minutes = forms.IntegerField(
        min_value=1, max_value=LONGEST, required=False, label=_("Minutes"),
        error_messages={
            "invalid": _("Write the length as a whole number of minutes, such as 15."),
            "min_value": _("A length is at least one minute; leave it empty when it is not known."),
            "max_value": _("A length is at most %(limit_value)d minutes, a whole day."),
        },
    )  # fmt: skip
    topics = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        label=_("Topics"),
        error_messages={"invalid_choice": _("A topic of this item is no longer on record; it is left out here.")},
    )
    topic = forms.CharField(max_length=400, required=False, label=_("Link a topic"))
    remove = forms.BooleanField(required=False, label=_("Remove"))

    def __init__(self, data: Any, *, prefix: str, sessions: Iterable[int], topics: Iterable[int]) -> None:
        super().__init__(data, prefix=prefix)
        self.fields["session"].choices = [(key, key) for key in sessions]  # type: ignore[attr-defined]
        self.fields["topics"].choices = [(key, key) for key in topics]  # type: ignore[attr-defined]

    def typed(self, name: str) -> str:
        """Give what was typed into a field, as it was."""
        return str(self.data.get(self.add_prefix(name), "")).strip()
