"""What a delegate types to check in."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.desk.expected import expected_organisations, parted
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
        parts = [(label, [(each.pk, _label(each)) for each in part]) for label, part in parted(listed)]
        cast(forms.ChoiceField, self.fields["organisation"]).choices = [("", _("Choose …")), *parts]

    def clean_organisation(self) -> Organisation:
        """Give the organisation itself."""
        return self.organisations[self.cleaned_data["organisation"]]


def _label(organisation: Organisation) -> str:
    own = organisation.own_name
    return f"{organisation.name} · {own.text}" if own else organisation.name
