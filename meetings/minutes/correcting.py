"""An organisation asks for corrections of circulated minutes, by a personal link or from its own pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.minutes.approval import record_correction
from meetings.models import AgendaItem, Correction, Meeting, Minutes
from members.history import acting, lock
from members.models import Organisation, User

MOST_OPEN = 30  # of an organisation, about the same minutes: a person may type, a program may not fill the record


class CorrectionForm(forms.Form):
    """What is to be put differently, and where; and for whom, where somebody may speak for several."""

    organisation = forms.ModelChoiceField(label=gettext_lazy("For whom?"), queryset=Organisation.objects.none())
    item = forms.ModelChoiceField(
        label=gettext_lazy("About which item?"),
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label=gettext_lazy("The minutes as a whole"),
    )
    text = forms.CharField(
        label=gettext_lazy("What should it say?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write what is to be put differently.")},
    )

    def __init__(self, meeting: Meeting, organisations: Sequence[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = list(organisations)
        chosen = self.fields["organisation"]
        chosen.queryset = Organisation.objects.filter(pk__in=[each.pk for each in organisations])  # type: ignore[attr-defined]
        if len(self.organisations) == 1:
            chosen.required, chosen.widget = False, forms.HiddenInput()
        items = AgendaItem.objects.filter(session__meeting=meeting).prefetch_related("topics")
        ordered = items.order_by("session__order", "session__starts_at", "session", "order", "pk")
        self.fields["item"].queryset = ordered  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation:
        """Where there is but one it needs no choosing."""
        found: Organisation | None = self.cleaned_data["organisation"]
        return found or self.organisations[0]


@transaction.atomic
def hand_in_correction(
    minutes: Minutes,
    organisation: Organisation,
    text: str,
    by_name: str,
    user: User | None = None,
    *,
    item: AgendaItem | None = None,
) -> Correction:
    """Keep what an organisation asks to be put differently, under the name of whoever wrote it.

    `user` is their account, None when they came by a personal link. The same text a second time is no second correction.
    Raises ValidationError after the last day, before the minutes are circulated, once they are approved, without a text,
    and for more than can be read.
    """
    lock(Meeting, minutes.meeting_id)
    current = Minutes.objects.select_related("meeting").get(pk=minutes.pk)
    if current.is_circulated and not current.is_approved and not current.takes_corrections:
        raise ValidationError(_("The last day for corrections is over: please write to the secretariat."))
    open_ones = Correction.objects.filter(minutes=current, organisation=organisation).unsettled()
    known = open_ones.filter(text=text.strip(), item=item).first()
    if known is not None:
        return known
    if open_ones.count() >= MOST_OPEN:
        raise ValidationError(_("Many corrections of yours wait already: please send the rest to the secretariat."))
    with acting(user=user) if user else acting(name=by_name[:150], reason=_("by personal link")):
        return record_correction(current.meeting, organisation, text, item=item)
