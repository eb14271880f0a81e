"""What a delegate types to check in."""

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.desk.expected import expected_organisations
from meetings.models import Session
from members.models import Organisation

# The network has some eighty cities; a list to choose from on a phone has an end.
MOST_LISTED = 500


class CheckInForm(forms.Form):
    """Who is there, and for whom. Lists organisations alone, never people."""

    organisation = forms.ChoiceField(label=gettext_lazy("Your city or organisation"))
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        help_text=gettext_lazy("The one to which the network writes to you, if it does. It is not published."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = expected_organisations(session).prefetch_related("names")[:MOST_LISTED]
        self.organisations = {str(each.pk): each for each in listed}
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose …")), *_groups(list(self.organisations.values()))]

    def clean_organisation(self) -> Organisation:
        """Give the organisation itself."""
        return self.organisations[self.cleaned_data["organisation"]]


def _groups(organisations: list[Organisation]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Part the list: the session's groups, the other cities, the others."""
    parted = sorted(organisations, key=lambda each: _part(each)[0])
    return [
        (label, [(each.pk, _label(each)) for each in group])
        for (_order, label), group in groupby(parted, key=_part)
    ]


def _part(organisation: Organisation) -> tuple[int, str]:
    if organisation.takes_part:  # type: ignore[attr-defined]  # annotated
        return (0, _("Of this session's working groups"))
    return (1, _("Cities")) if organisation.is_city else (2, _("Observers and partners"))


def _label(organisation: Organisation) -> str:
    own = organisation.own_name
    return f"{organisation.name} · {own.text}" if own else organisation.name
