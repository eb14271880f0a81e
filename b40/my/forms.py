"""What delegates type on their pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.files import check_document
from meetings.models import Audience, DocumentKind, Meeting, ReportOutcome, ReportWord, Session
from meetings.permissions import may_hand_in, open_for_papers
from members.languages import language_name
from members.models import Organisation, User
from members.rights import organisations_of
from workinggroups.models import Topic, TopicStatus, WorkingGroup
from workinggroups.rights import groups_of, may_propose

MOST_LINKS = 10
# The members' languages, and English first: it is the network's working language.
LANGUAGES = ("en", "sq", "bs", "bg", "hr", "el", "mk", "cnr", "ro", "sr", "sl", "tr")


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MyForm(forms.Form):
    """A form of one's own pages: labels stand above their fields, so no colon ends them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class ForOrganisationForm(MyForm):
    """A form that is filled in for an organisation; whoever speaks for one alone need not choose."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("For which organisation"), empty_label=None
    )

    def __init__(self, user: User, *args: Any, organisations: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        given = organisations_of(user) if organisations is None else organisations
        self.offered = list(given.order_by("key", "pk"))
        field: Any = self.fields["organisation"]
        field.queryset = given
        field.choices = [(one.pk, one.name) for one in self.offered]
        if len(self.offered) == 1:
            field.widget, field.initial = forms.HiddenInput(), self.offered[0].pk


class ProposalForm(ForOrganisationForm):
    """A topic for a group. `seen` bears the keys of the similar topics that were shown."""

    group = forms.ModelChoiceField(WorkingGroup.objects.none(), label=gettext_lazy("Working group"))
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200, help_text=gettext_lazy("A few words, as on an agenda.")
    )
    why = forms.CharField(label=gettext_lazy("Why it matters"), max_length=5_000, widget=area(5))
    wanted = forms.CharField(
        label=gettext_lazy("What you want of the group"),
        max_length=5_000,
        required=False,
        widget=area(3),
        help_text=gettext_lazy("An exchange of practice, a joint letter, a speaker, an hour of its next session."),
    )
    links = forms.CharField(
        label=gettext_lazy("Links"),
        max_length=5_000,
        required=False,
        widget=area(2),
        help_text=gettext_lazy("One address a line."),
    )
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    field_order = ("group", "organisation", "title", "why", "wanted", "links", "seen")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        field: Any = self.fields["group"]
        field.queryset = groups_of(user).order_by("order", "name")
        groups = list(field.queryset)
        field.choices = [("", _("Choose")), *((one.pk, one.name) for one in groups)]
        if len(groups) == 1:
            self.initial["group"] = groups[0].pk

    def clean_links(self) -> str:
        """Each line is an address. Raises ValidationError naming the line that is none."""
        lines = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        if len(lines) > MOST_LINKS:
            raise ValidationError(_("Give at most %(most)d links.") % {"most": MOST_LINKS})
        full = [line if "://" in line else f"https://{line}" for line in lines]
        for number, line in enumerate(full, start=1):
            _check_address(line, number)
        return "\n".join(full)

    def clean(self) -> dict[str, Any]:
        """The organisation sits in the group by this account, and the group has no such title."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        group, organisation = data.get("group"), data.get("organisation")
        if group and organisation and not may_propose(self.user, group, organisation):
            words = {"city": organisation, "group": group}
            self.add_error("group", _("You do not sit in “%(group)s” for %(city)s: choose another.") % words)
        return data


def _check_address(line: str, number: int) -> None:
    try:
        URLValidator(schemes=["http", "https"])(line)
    except ValidationError as error:
        raise ValidationError(
            _("Line %(number)d is no address: write it as in https://example.org/page.") % {"number": number}
        ) from error


class TopicEditForm(MyForm):
    """A topic as its coordinators change it. `shown` is the state that the page bore."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=10_000,
        required=False,
        widget=area(6),
        help_text=gettext_lazy("Public once the topic is open."),
    )
    status = forms.ChoiceField(label=gettext_lazy("Status"))
    status_reason = forms.CharField(
        label=gettext_lazy("Reason, when you decline it"),
        max_length=400,
        required=False,
        widget=area(2),
        help_text=gettext_lazy("Whoever proposed it reads this; the public does not."),
    )
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, topic: Topic, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["status"]
        field.choices = [(one.value, STATUS_WORDS[one]) for one in _ways(topic)]
        if not hasattr(topic, "proposal"):
            del self.fields["status_reason"]


STATUS_WORDS = {
    TopicStatus.DRAFT: gettext_lazy("draft: coordinators and the secretariat see it"),
    TopicStatus.PROPOSED: gettext_lazy("proposed: not decided yet"),
    TopicStatus.DECLINED: gettext_lazy("declined: with a reason"),
    TopicStatus.OPEN: gettext_lazy("open: on the group's table, for everybody to see"),
    TopicStatus.SETTLED: gettext_lazy("settled"),
    TopicStatus.DROPPED: gettext_lazy("dropped"),
}


def _ways(topic: Topic) -> list[TopicStatus]:
    """Give the statuses that a topic can have next: a proposal is taken on or declined, anything else is on the table."""
    waiting = [TopicStatus.PROPOSED, TopicStatus.OPEN, TopicStatus.DECLINED]
    if topic.status in (TopicStatus.PROPOSED, TopicStatus.DECLINED):
        return waiting
    draft = [TopicStatus.DRAFT] if topic.status == TopicStatus.DRAFT else []
    return [*draft, TopicStatus.OPEN, TopicStatus.SETTLED, TopicStatus.DROPPED]


class PaperForm(ForOrganisationForm):
    """A paper that is handed in for a meeting, or for one of its sessions."""

    place = forms.ChoiceField(label=gettext_lazy("For which meeting or session"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            (kind.value, kind.label) for kind in (DocumentKind.PRESENTATION, DocumentKind.REPORT, DocumentKind.OTHER)
        ],
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        validators=[check_document],
        help_text=gettext_lazy("PDF, or a file of Word, Excel, PowerPoint or LibreOffice; at most 40 MB."),
        error_messages={"required": gettext_lazy("Choose the file."), "empty": gettext_lazy("The file is empty.")},
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may read it"),
        widget=forms.RadioSelect,
        initial=Audience.MEMBERS,
        choices=[
            (Audience.MEMBERS, gettext_lazy("The network's organisations")),
            (Audience.GROUP, gettext_lazy("Only the working groups of the meeting")),
            (Audience.PUBLIC, gettext_lazy("Everybody, once the secretariat agrees; until then the network")),
        ],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Whoever reads the paper reads this, too."),
    )

    field_order = ("place", "organisation", "title", "kind", "language", "file", "audience", "note")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        fields: Any = self.fields
        fields["language"].choices = [(code, language_name(code)) for code in LANGUAGES]
        meetings = open_for_papers(user).prefetch_related("sessions__working_groups")
        self.places: dict[str, tuple[Meeting, Session | None]] = {}
        fields["place"].choices = [self._group_of(meeting) for meeting in meetings]

    def _group_of(self, meeting: Meeting) -> tuple[str, list[tuple[str, str]]]:
        choices = [(f"meeting-{meeting.pk}", _("The meeting as a whole"))]
        self.places[choices[0][0]] = (meeting, None)
        for session in meeting.sessions.all():
            key = f"session-{session.pk}"
            choices.append((key, str(session)))
            self.places[key] = (meeting, session)
        return f"{meeting.title}, {meeting.days}", choices

    def clean(self) -> dict[str, Any]:
        """The organisation may hand in there."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        place, organisation = self.places.get(data.get("place", "")), data.get("organisation")
        if place and organisation and not may_hand_in(self.user, organisation, *place):
            self.add_error(
                "place", _("%(city)s does not sit in this session: choose another.") % {"city": organisation}
            )
        return data


class VersionForm(MyForm):
    """The next version of one's own paper."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        validators=[check_document],
        error_messages={"required": gettext_lazy("Choose the file."), "empty": gettext_lazy("The file is empty.")},
    )
    note = forms.CharField(label=gettext_lazy("What is new in it"), max_length=200, required=False)


class ReportForm(ForOrganisationForm):
    """How far an organisation is with an action."""

    says = forms.ChoiceField(
        label=gettext_lazy("How far are you?"),
        widget=forms.RadioSelect,
        initial=ReportWord.PROGRESS,
        choices=[(ReportWord.PROGRESS, gettext_lazy("Under way")), (ReportWord.DONE, gettext_lazy("Done"))],
    )
    text = forms.CharField(label=gettext_lazy("What was done"), max_length=5_000, widget=area(4))
    evidence_url = forms.URLField(
        label=gettext_lazy("A link that shows it"), max_length=600, required=False, assume_scheme="https"
    )
    evidence = forms.FileField(
        label=gettext_lazy("Or a file that shows it"),
        required=False,
        validators=[check_document],
        help_text=gettext_lazy("PDF, or a file of Word, Excel, PowerPoint or LibreOffice; at most 40 MB."),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )

    field_order = ("organisation", "says", "text", "evidence_url", "evidence")


class SettleReportForm(MyForm):
    """The answer to an owner's word that an action is done."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (ReportOutcome.CONFIRMED, gettext_lazy("Confirmed: close the action")),
            (ReportOutcome.RETURNED, gettext_lazy("Something is missing: give it back")),
        ],
    )
    answer = forms.CharField(label=gettext_lazy("What is missing"), max_length=5_000, required=False, widget=area(3))

    def clean(self) -> dict[str, Any]:
        """Who gives a report back says what is missing."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("outcome") == ReportOutcome.RETURNED and not data.get("answer"):
            self.add_error("answer", _("Say what is still missing: its owners read it."))
        return data


class AgendaItemForm(MyForm):
    """One line of a session's agenda; an empty new line is none."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("Item"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Empty shows the topics' titles."),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=1_000, required=False)
    order = forms.IntegerField(label=gettext_lazy("Place"), min_value=0, max_value=1_000, required=False)
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_removed = forms.BooleanField(label=gettext_lazy("Take off the agenda"), required=False)

    def __init__(self, *args: Any, topics: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["topics"]
        field.choices = topics

    name = ""  # of the item as it is saved


class PaperFilter(forms.Form):
    """Narrows one's documents. A field that cannot be read narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Words of the title"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label=gettext_lazy("Meeting"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("all"),
    )
    group = forms.ModelChoiceField(
        WorkingGroup.objects.all(),
        label=gettext_lazy("Working group"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("all"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("all")), *DocumentKind.choices]
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        """Takes the documents that may be read: their meetings and languages are offered; two queries."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["meeting"].queryset = Meeting.objects.filter(pk__in=documents.order_by().values("meeting"))
        codes = sorted(set(documents.order_by().values_list("language", flat=True)))
        fields["language"].choices = [("", _("all")), *((code, language_name(code)) for code in codes)]

    def narrow(self, documents: Any) -> Any:
        """Give the documents asked for."""
        self.is_valid()
        asked = self.cleaned_data
        for name in ("meeting", "kind", "language"):
            if asked.get(name):
                documents = documents.filter(**{name: asked[name]})
        if asked.get("group"):
            documents = documents.of_group(asked["group"])
        return documents.matching(asked["q"]) if asked.get("q") else documents

    @property
    def chips(self) -> list[dict[str, str]]:
        """The filters in force, but for the text, each to be taken away."""
        self.is_valid()
        fields: Any = self.fields
        chosen = [
            (name, self.data[name]) for name in ("meeting", "group", "kind", "language") if self.cleaned_data.get(name)
        ]
        return [
            {"name": name, "value": value, "label": str(dict(fields[name].choices).get(value, self.cleaned_data[name]))}
            for name, value in chosen
        ]
