"""What a visitor may ask of the topics: a group, a status, words in any script."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from workinggroups.models import PUBLIC_STATUSES, Topic, WorkingGroup

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User
    from workinggroups.models.topics import TopicQuerySet

WHOLE_NETWORK = "network"


class TopicForm(forms.Form):
    """Narrows the list of topics. A field that cannot be read narrows nothing."""

    q = forms.CharField(
        label=_("Words, in any script"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    group = forms.ChoiceField(label=_("Working group"), required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("any")),
            *((status.value, status.label) for status in PUBLIC_STATUSES),
        ],
    )

    def __init__(self, data: object, *, user: "User | AnonymousUser") -> None:
        """Offer the groups that a visitor may see; one query."""
        super().__init__(data)  # type: ignore[arg-type]
        self.user = user
        groups = WorkingGroup.objects.visible_to(user).values_list("slug", "name")
        self.fields["group"].choices = [("", _("all")), *groups, (WHOLE_NETWORK, _("whole network"))]  # type: ignore[attr-defined]

    def narrow(self) -> "TopicQuerySet":
        """Give the topics asked for, of those that the visitor may see."""
        self.is_valid()
        asked = self.cleaned_data
        topics = Topic.objects.visible_to(self.user)
        if asked.get("group") == WHOLE_NETWORK:
            topics = topics.filter(group__isnull=True)
        elif asked.get("group"):
            topics = topics.filter(group__slug=asked["group"])
        if asked.get("status"):
            topics = topics.filter(status=asked["status"])
        return topics.matching(asked["q"]) if asked.get("q") else topics

    @property
    def chips(self) -> list[dict[str, str]]:
        """The filters in force, but for the text, each to be taken away."""
        self.is_valid()
        chosen = {name: value for name in ("group", "status") if (value := self.cleaned_data.get(name))}
        return [
            {"name": name, "value": value, "label": str(dict(self.fields[name].choices)[value])}  # type: ignore[attr-defined]
            for name, value in chosen.items()
        ]

    @property
    def unread(self) -> list[str]:
        """The labels of the fields that could not be read."""
        self.is_valid()
        return [str(self.fields[name].label) for name in self.errors]
