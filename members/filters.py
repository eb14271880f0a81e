"""What a visitor may ask the register: a day, a country, a status, a name in any spelling."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Country, Organisation, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User
    from members.models.organisations import OrganisationQuerySet

BAD_DAY = _("“%(value)s” is no day of the calendar. Write it as in 2023-01-23.")


class DayField(forms.DateField):
    """A day as ISO 8601 writes it; what is no day is told as it was typed."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, *, label: str = _("On the day")) -> None:  # type: ignore[assignment]
        super().__init__(label=label, required=False, input_formats=["%Y-%m-%d"])

    def to_python(self, value: Any) -> dt.date | None:
        """Read the day. Raises ValidationError that repeats what was typed."""
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(BAD_DAY, code="invalid", params={"value": str(value)[:40]}) from error


class DayForm(forms.Form):
    """Asks what was on a day. A question that cannot be read is answered for today, and said to be so."""

    on = DayField()

    @property
    def day(self) -> dt.date:
        """The day asked for, else today."""
        self.is_valid()
        asked: dt.date | None = self.cleaned_data.get("on")
        return asked or timezone.localdate()

    @property
    def is_asked(self) -> bool:
        """Whether a day was asked for and understood."""
        self.is_valid()
        return self.cleaned_data.get("on") is not None

    @property
    def complaint(self) -> str:
        """What is wrong with the day that was typed; "" when nothing is."""
        return " ".join(str(error) for error in self.errors.get("on", []))


class RegisterForm(DayForm):
    """Narrows the register. A field that cannot be read narrows nothing."""

    q = forms.CharField(
        label=_("Name, in any spelling or script"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.all(), required=False, empty_label=_("all")
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("any")),
            *((status.value, status.label) for status in (Status.MEMBER, Status.CANDIDATE, Status.ENDED)),
        ],
    )

    field_order = ("q", "on", "country", "status")

    def narrow(self, user: "User | AnonymousUser") -> "OrganisationQuerySet":
        """Give the cities asked for, as the register of the day has them."""
        self.is_valid()
        asked = self.cleaned_data
        cities = Organisation.objects.visible_to(user).cities()
        status = asked.get("status")
        cities = cities.holding(self.day, status) if status else cities.registered_by(self.day)
        if asked.get("country"):
            cities = cities.filter(country=asked["country"])
        return cities.matching(asked["q"]) if asked.get("q") else cities

    @property
    def chips(self) -> list[dict[str, str]]:
        """The filters in force, but for the text, each to be taken away."""
        self.is_valid()
        asked = self.cleaned_data
        statuses = dict(self.fields["status"].choices)  # type: ignore[attr-defined]
        shown = {
            "on": asked["on"].isoformat() if asked.get("on") else "",
            "country": asked["country"].name if asked.get("country") else "",
            "status": str(statuses[asked["status"]]) if asked.get("status") else "",
        }
        return [{"name": name, "value": self.data[name], "label": label} for name, label in shown.items() if label]
