"""Colleagues whom an answer names with one tap: the people who act for the organisation."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from meetings.inviting.answering import Answer, Named
from meetings.models import Invitation
from members.models import Mandate, User
from members.names import search_text

MOST_OFFERED = 40
FIRST = 6  # as many are seen at once
COMES = "comes"
ALTERNATE = "alternate"


def colleagues_of(user: User, invitation: Invitation) -> list[Mandate]:
    """Give those who act for an invited organisation on the meeting's first day, each once, whoever asks first."""
    mandates = Mandate.objects.visible_to(user).on(invitation.meeting.start_on)
    rows = mandates.filter(organisation=invitation.organisation).select_related("person").order_by("person__name", "pk")
    people = {mandate.person_id: mandate for mandate in reversed(rows)}
    ordered = sorted(people.values(), key=lambda mandate: (mandate.person_id != user.person_id, mandate.person.name))
    return ordered[:MOST_OFFERED]


class ColleagueForm(forms.Form):
    """Whether one colleague is of the delegation, or stands in."""

    part = forms.ChoiceField(
        choices=[
            ("", gettext_lazy("No")),
            (COMES, gettext_lazy("Comes")),
            (ALTERNATE, gettext_lazy("Alternate")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, mandate: Mandate, announced: Named | None, typed: Any = None) -> None:
        part = "" if announced is None else ALTERNATE if announced.is_alternate else COMES
        super().__init__(typed, prefix=f"colleague-{mandate.pk}", initial={"part": part})
        self.announced = announced
        self.mandate = mandate
        self.fields["part"].label = ", ".join(part for part in (mandate.person.name, mandate.position) if part)

    @property
    def field(self) -> forms.BoundField:
        return self["part"]

    @property
    def is_chosen(self) -> bool:
        return bool(self["part"].value())

    def named(self) -> list[Named]:
        """Give the colleague if chosen, with function and address as they were announced, else as on record."""
        part = self.cleaned_data.get("part")
        if not part:
            return []
        known = self.announced or Named(self.mandate.person.name[:160], self.mandate.position, self.mandate.email)
        return [Named(known.name, known.function, known.email, is_alternate=part == ALTERNATE)]


class ColleagueForms:
    """One form a colleague, those already announced first."""

    def __init__(self, mandates: Iterable[Mandate], answer: Answer, typed: Any = None) -> None:
        known = {search_text(one.name): one for one in reversed(answer.delegates)}
        forms = [ColleagueForm(each, known.pop(search_text(each.person.name), None), typed) for each in mandates]
        self.forms = sorted(forms, key=lambda form: form.announced is None)

    @property
    def first(self) -> list[ColleagueForm]:
        """Those that are seen at once: some, and whoever is chosen."""
        return [form for number, form in enumerate(self.forms) if number < FIRST or form.is_chosen]

    @property
    def further(self) -> list[ColleagueForm]:
        shown = self.first
        return [form for form in self.forms if form not in shown]

    def is_valid(self) -> bool:
        return not [form for form in self.forms if not form.is_valid()]

    def named(self) -> list[Named]:
        """Give those who were chosen."""
        return [one for form in self.forms for one in form.named()]

    def without(self, named: Iterable[Named]) -> list[Named]:
        """Leave out those whom a colleague's line names."""
        announced = {id(form.announced) for form in self.forms if form.announced}
        return [one for one in named if id(one) not in announced]
