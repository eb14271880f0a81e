"""What is typed on the minutes page, beside the notes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from meetings.models import ActionItem, ActionOutcome, AgendaItem, Audience, CorrectionOutcome, Decision, Meeting
from members.models import Organisation
from members.pasted import read_names
from workinggroups.models import WorkingGroup


class OrganisationsField(forms.CharField):
    """Organisations by name, in any spelling and script, parted by commas; each has to mean exactly one."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        found = read_names(text) if text else []
        unclear = [name.message for name in found if name.organisation is None]
        if unclear:
            raise ValidationError(unclear)
        return list(dict.fromkeys(name.organisation for name in found))


class NewDecisionForm(forms.Form):
    text = forms.CharField(max_length=Decision._meta.get_field("text").max_length, label=_("Decision"))


class NewActionForm(forms.Form):
    text = forms.CharField(max_length=ActionItem._meta.get_field("text").max_length, label=_("Action"))
    owners = OrganisationsField(required=False, label=_("Owners"))
    due_on = forms.DateField(required=False, label=_("Due on"))
    group = forms.ModelChoiceField(WorkingGroup.objects.all(), required=False, label=_("Working group"))


class FollowUpForm(forms.Form):
    due_on = forms.DateField(required=False, label=_("Due on"))
    outcome = forms.ChoiceField(choices=[("", _("open")), *ActionOutcome.choices], required=False, label=_("State"))
    evidence = forms.CharField(required=False, max_length=5_000, label=_("Evidence"))
    evidence_url = forms.URLField(required=False, max_length=600, assume_scheme="https", label=_("Its address"))
    shown = forms.CharField()


class CirculateForm(forms.Form):
    corrections_until = forms.DateField(required=False, label=_("Corrections until"))


class ApproveForm(forms.Form):
    on = forms.DateField(label=_("Approved on"))


class ReopenForm(forms.Form):
    reason = forms.CharField(max_length=300, label=_("Reason"), error_messages={"required": _("Say why the minutes are reopened.")})  # fmt: skip


class AudienceForm(forms.Form):
    audience = forms.ChoiceField(choices=Audience.choices, label=_("Audience"))


class CorrectionForm(forms.Form):
    organisation = OrganisationsField(label=_("Organisation"))
    item = forms.ModelChoiceField(AgendaItem.objects.none(), required=False, label=_("Agenda item"))
    text = forms.CharField(max_length=10_000, label=_("What they ask for"))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = AgendaItem.objects.filter(session__meeting=meeting)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation:
        """One organisation asks. Raises ValidationError for several."""
        found: list[Organisation] = self.cleaned_data["organisation"]
        if len(found) != 1:
            raise ValidationError(_("Name one organisation; what several ask is recorded for each."))
        return found[0]


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(choices=CorrectionOutcome.choices, label=_("Outcome"))
    answer = forms.CharField(required=False, max_length=5_000, label=_("Answer"))
