"""What is typed into an answer."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.inviting.answering import MOST_DELEGATES, Answer, Named, stored_answer
from meetings.inviting.colleagues import ColleagueForms
from meetings.models import Coming, Invitation, Session, TakingPart
from members.models import Mandate
from members.names import search_text

FREE_LINES = 3
GREATEST_EDITION = 2**31 - 1


class DelegateForm(forms.Form):
    """One person of the delegation; an empty line is nobody."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160, required=False)
    function = forms.CharField(label=gettext_lazy("Function"), max_length=160, required=False)
    email = forms.EmailField(label=gettext_lazy("Mail address"), max_length=254, required=False)

    def clean(self) -> dict[str, Any]:
        """Function and mail address are somebody's."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("name") and (data.get("function") or data.get("email")) and "name" not in self.errors:
            self.add_error("name", _("Give the name as well."))
        return data

    def named(self, *, is_alternate: bool) -> list[Named]:
        """Give the person typed, none for an empty line."""
        data = self.cleaned_data
        if not data.get("name"):
            return []
        return [Named(data["name"], data["function"], data["email"], is_alternate)]


DelegateFormSet = forms.formset_factory(DelegateForm, extra=FREE_LINES, max_num=MOST_DELEGATES, validate_max=True)


class AnswerForm(forms.Form):
    """Whether an organisation comes, and to what; the names stand in forms of their own."""

    edition = forms.IntegerField(min_value=0, max_value=GREATEST_EDITION, widget=forms.HiddenInput)
    coming = forms.ChoiceField(
        label=gettext_lazy("Do you come?"),
        choices=[(Coming.YES, gettext_lazy("Yes, we come")), (Coming.NO, gettext_lazy("No")), (Coming.OPEN, gettext_lazy("Not yet known"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether you come: yes, no, or not yet known.")},
    )  # fmt: skip
    mode = forms.ChoiceField(
        label=gettext_lazy("In the room or online?"),
        choices=[(TakingPart.ROOM, gettext_lazy("In the room")), (TakingPart.ONLINE, gettext_lazy("Online"))],
        widget=forms.RadioSelect,
        required=False,
    )
    remarks = forms.CharField(
        label=gettext_lazy("Remarks"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For the secretariat: arrival, diet, access, an interpreter, a question."),
    )

    def __init__(self, invitation: Invitation, sessions: Sequence[Session], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions = list(sessions) if len(sessions) > 1 else []
        if not invitation.asks_for_mode:
            del self.fields["mode"]
        for session in self.sessions:
            self.fields[f"session-{session.pk}"] = forms.ChoiceField(
                label=str(session),
                choices=[(Coming.YES, _("Yes")), (Coming.NO, _("No")), (Coming.OPEN, _("Not yet known"))],
                widget=forms.RadioSelect,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Who does not come, comes to no session, and neither in the room nor online."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("coming") == Coming.NO and any(data.get(name) == Coming.YES for name in self._session_names):
            self.add_error("coming", _("You say that you come to a session below: choose yes here, or no there."))
        return data

    @property
    def _session_names(self) -> list[str]:
        return [f"session-{session.pk}" for session in self.sessions]

    @property
    def session_fields(self) -> list[forms.BoundField]:
        """The fields about sessions, in their order."""
        return [self[name] for name in self._session_names]


class AnswerForms:
    """All forms of an answer's page, filled with what is stored or with what was typed.

    `colleagues` are offered to be named with one tap, where the page may show them.
    """

    def __init__(
        self,
        invitation: Invitation,
        sessions: Sequence[Session],
        typed: Any = None,
        *,
        colleagues: Collection[Mandate] = (),
    ) -> None:
        answer = stored_answer(invitation)
        self.stored = answer
        self.colleagues = ColleagueForms(colleagues, answer, typed)
        chosen = {f"session-{pk}": coming for pk, coming in answer.sessions.items()}
        initial = {
            "edition": invitation.edition,
            "coming": answer.coming,
            "mode": answer.mode,
            "remarks": answer.remarks,
        }
        self.form = AnswerForm(invitation, sessions, typed, initial={**initial, **chosen})
        # What was typed stands for itself: a line that says what is stored would pass for one left empty.
        named = self.colleagues.without(answer.delegates)
        lines = None if typed is not None else _lines(named, is_alternate=False)
        self.delegates = DelegateFormSet(typed, initial=lines, prefix="delegates")
        self.alternate = DelegateForm(typed, initial=(_lines(named, is_alternate=True) or [{}])[0], prefix="alternate")

    def is_valid(self) -> bool:
        """Check all of them, so that everything wrong is said at once."""
        parts = [self.form.is_valid(), self.colleagues.is_valid(), self.delegates.is_valid(), self.alternate.is_valid()]
        return all(parts) and self._is_one_alternate()

    def _is_one_alternate(self) -> bool:
        """One stands in: a second would be lost on pages that have a line for one."""
        alternates = [one for one in self._named() if one.is_alternate]
        if len(alternates) > 1:
            names = ", ".join(one.name for one in alternates)
            self.alternate.add_error("name", _("Name one alternate; you named %(names)s.") % {"names": names})
        return len(alternates) <= 1

    @property
    def has_errors(self) -> bool:
        return bool(self.form.errors or self.delegates.total_error_count() or self.alternate.errors)

    @property
    def opens_lines(self) -> bool:
        """Whether the lines to write names into are seen at once: where they are the only way, or somebody stands there."""
        lines = [*self.delegates, self.alternate]
        return not self.colleagues.forms or self.has_errors or any(line["name"].value() for line in lines)

    @property
    def edition(self) -> int:
        """Of the answer that was shown."""
        return int(self.form.cleaned_data["edition"])

    def answer(self) -> Answer:
        """Give what was typed."""
        data = self.form.cleaned_data
        sessions = {one.pk: data[f"session-{one.pk}"] for one in self.form.sessions if data[f"session-{one.pk}"]}
        mode = data.get("mode", "") if data["coming"] != Coming.NO else ""
        return Answer(data["coming"], mode, data["remarks"], sessions, tuple(self._named()))

    def _named(self) -> list[Named]:
        """Give those named, in the order in which they stand already, new ones after them; who is typed too, once."""
        typed = [one for form in self.delegates for one in form.named(is_alternate=False)]
        typed += self.alternate.named(is_alternate=True)
        if not self.colleagues.forms:
            return typed
        names = {search_text(one.name) for one in typed}
        named = [one for one in self.colleagues.named() if search_text(one.name) not in names] + typed
        places = {search_text(one.name): place for place, one in enumerate(self.stored.delegates)}
        return sorted(named, key=lambda one: (one.is_alternate, places.get(search_text(one.name), len(places))))

    def show_over(self, edition: int) -> None:
        """Carry another edition: whoever saves what was typed now has seen the other answer."""
        typed = cast(QueryDict, self.form.data).copy()
        typed["edition"] = str(edition)
        self.form.data = typed


def _lines(named: Iterable[Named], *, is_alternate: bool) -> list[dict[str, str]]:
    return [
        {"name": one.name, "function": one.function, "email": one.email}
        for one in named
        if one.is_alternate == is_alternate
    ]


def read_day(text: str) -> Any:
    """Read the last day to answer. Raises ValidationError for what is no day."""
    return forms.DateField(required=False, error_messages={"invalid": _("Write the day as in 2027-03-31.")}).clean(text)
