"""What somebody chooses to be told, and where it goes."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.following.subscribing import Choice
from meetings.models import Frequency, Subscription
from members.models import Organisation
from members.rights import Visitor
from workinggroups.models import Topic, TopicStatus, WorkingGroup

FIELDS = ("groups", "topics", "organisations")


def _several(label: Any) -> forms.ModelMultipleChoiceField[Topic]:
    return forms.ModelMultipleChoiceField(
        queryset=Topic.objects.none(), label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


class ChoiceForm(forms.Form):
    """What to follow, and how often to hear of it."""

    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=Frequency, initial=Frequency.WEEKLY, widget=forms.RadioSelect,
        help_text=gettext_lazy("At once: gathered every quarter of an hour. Once a day: at seven in the morning, Istanbul time. Once a week: on Mondays."),
    )  # fmt: skip
    everything = forms.BooleanField(label=gettext_lazy("Everything that is new in the network"), required=False)
    groups = _several(gettext_lazy("Working groups"))
    topics = _several(gettext_lazy("Topics"))
    organisations = _several(gettext_lazy("Cities and observers"))

    def __init__(self, *args: Any, reader: Visitor, subscription: Subscription | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_frequencies(Frequency.choices)
        open_topics = Topic.objects.visible_to(reader).filter(status=TopicStatus.OPEN)
        self._offer("groups", WorkingGroup.objects.visible_to(reader).order_by("order", "name"))
        self._offer("topics", open_topics.order_by("title", "pk"))
        self._offer("organisations", Organisation.objects.visible_to(reader).only("name").order_by("key", "pk"))
        if subscription:
            self.initial["frequency"], self.initial["everything"] = subscription.frequency, subscription.everything
            for name in FIELDS:
                self.initial[name] = list(getattr(subscription, name).order_by().values_list("pk", flat=True))

    def _name_frequencies(self, choices: Any) -> None:
        self.fields["frequency"].choices = [(value, capfirst(label)) for value, label in choices]  # type: ignore[attr-defined]

    def _offer(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        field.queryset = queryset  # type: ignore[attr-defined]  # a choice among records

    def clean(self) -> dict[str, Any]:
        """Something must be followed, unless nothing is to be told."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = any(data.get(name) for name in ("everything", *FIELDS))
        if data.get("frequency") not in (None, Frequency.NEVER) and not chosen and not self.errors:
            self.add_error(
                "everything", _("Choose what you want to follow: everything, or some groups, topics or cities.")
            )
        return data

    def choice(self) -> Choice:
        """Give what was chosen."""
        data = self.cleaned_data
        return Choice(Frequency(data["frequency"]), data["everything"], *(list(data[name]) for name in FIELDS))

    @property
    def parts(self) -> list[tuple[forms.BoundField, int]]:
        """Give the lists to choose from, each with how many are chosen."""
        return [(self[name], len(self[name].value() or [])) for name in FIELDS if self.fields[name].queryset]  # type: ignore[attr-defined]


class SubscribeForm(ChoiceForm):
    """The public's form: an address, what to follow, and a yes to being written to."""

    address = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy("Yes, write to me at this address until I unsubscribe"),
        error_messages={"required": gettext_lazy("Say yes to being written to: without it we may not.")},
    )
    # People leave it empty; programs that fill in every field do not.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, reader=AnonymousUser(), **kwargs)
        self._name_frequencies([each for each in Frequency.choices if each[0] != Frequency.NEVER])
