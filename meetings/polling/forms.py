"""What is typed into a poll, and what staff write to make one."""

import zoneinfo
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.inviting.forms import GREATEST_EDITION
from meetings.models import Ballot, PollOption, Suits
from meetings.polling.voting import Vote, stored_vote

ZONES = ["UTC", *sorted(zone for zone in zoneinfo.available_timezones() if zone.startswith("Europe/"))]


class VoteForm(forms.Form):
    """Yes, if need be, or no for each option, and a remark."""

    edition = forms.IntegerField(min_value=0, max_value=GREATEST_EDITION, widget=forms.HiddenInput)
    remark = forms.CharField(
        label=gettext_lazy("Remark"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, ballot: Ballot, options: Iterable[PollOption], typed: Any = None) -> None:
        self.options = list(options)
        vote = stored_vote(ballot, self.options)
        chosen = {f"option-{pk}": suits for pk, suits in vote.words.items()}
        super().__init__(typed, initial={"edition": ballot.edition, "remark": vote.remark, **chosen})
        for option in self.options:
            self.fields[f"option-{option.pk}"] = forms.ChoiceField(
                label=str(option), choices=Suits.choices, widget=forms.RadioSelect, required=False
            )

    def clean(self) -> dict[str, Any]:
        """An answer says something of at least one option."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(data.get(f"option-{option.pk}") for option in self.options):
            raise ValidationError(_("Choose yes, if need be, or no for at least one of the times."))
        return data

    def field_of(self, option: PollOption) -> forms.BoundField:
        """Give the radio buttons of an option."""
        return self[f"option-{option.pk}"]

    @property
    def shown_edition(self) -> int:
        return int(self.cleaned_data["edition"])

    def vote(self) -> Vote:
        """Give what was typed."""
        data = self.cleaned_data
        words = {one.pk: data[f"option-{one.pk}"] for one in self.options if data[f"option-{one.pk}"]}
        return Vote(words, data["remark"])

    def show_over(self, edition: int) -> None:
        """Carry another edition: whoever saves what was typed now has seen the other answer."""
        typed = cast(QueryDict, self.data).copy()
        typed["edition"] = str(edition)
        self.data = typed


class PollForm(forms.Form):
    """What a poll says and until when."""

    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Empty asks: which of these times suit you?"),
    )
    timezone = forms.ChoiceField(label=gettext_lazy("Times written in"))
    closes_on = forms.DateField(
        label=gettext_lazy("Last day to answer"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )  # fmt: skip

    def __init__(self, zone: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted({*ZONES, zone})
        cast(Any, self.fields["timezone"]).choices = [(each, each.replace("_", " ")) for each in zones]


class OptionForm(forms.Form):
    """A day and hour to offer."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=gettext_lazy("Until"), widget=forms.TimeInput(attrs={"type": "time"}))
