"""What a visitor may ask the lists of meetings and of news for. All filters combine, and all stand in the address."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter, Filter, FilterSet

from meetings.models import Meeting, MeetingKind, Mode, NewsItem, NewsKind
from members.models import Country, Organisation, Presidency
from members.names import search_text
from members.resolver import Resolution, resolve
from workinggroups.models import WorkingGroup

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from meetings.models.meetings import MeetingQuerySet
    from meetings.models.news import NewsQuerySet
    from members.models import User


class TextField(forms.CharField):
    """Words to look for, in any script."""

    def clean(self, value: Any) -> str:
        """Give the text. Raises ValidationError when there is neither letter nor digit in it."""
        text = str(super().clean(value))
        if text and not search_text(text):
            raise forms.ValidationError(_("“%(value)s” holds no letter or digit."), params={"value": text[:40]})
        return text


class YearField(forms.IntegerField):
    """A year of the calendar, chosen from those of which something is on record."""

    widget = forms.Select

    def clean(self, value: Any) -> int | None:
        """Read the year. Raises ValidationError that repeats what was typed."""
        try:
            year: int | None = super().clean(value)
        except forms.ValidationError:
            year = 0
        if year is not None and not 1900 <= year <= 2200:
            raise forms.ValidationError(_("“%(value)s” is no year."), params={"value": str(value)[:40]})
        return year


class OptionField(forms.CharField):
    """One of the options that its `RecordFilter` gives it; an address may hold anything."""

    widget = forms.Select
    options: Mapping[str, Any] = {}

    def clean(self, value: Any) -> Any:
        """Give what the option stands for, None without one. Raises ValidationError that repeats what is unknown."""
        text = super().clean(value)
        if text and text not in self.options:
            raise forms.ValidationError(_("“%(value)s” is unknown."), params={"value": text[:40]})
        return self.options.get(text)


class CityField(forms.CharField):
    """A city by the last part of its page's address, or by its name in any spelling and script."""

    resolution: Resolution | None = None

    def clean(self, value: Any) -> Organisation | None:
        """Give the city. Raises ValidationError with the resolver's sentence when the name is ambiguous or unknown."""
        text = super().clean(value)
        if not text:
            return None
        exact = Organisation.objects.filter(slug=text).prefetch_related("names").first()
        if exact:
            return exact
        self.resolution = resolve(text)
        if self.resolution.organisation is None:
            raise forms.ValidationError(self.resolution.message)
        return self.resolution.organisation


class OptionFilter(Filter):  # type: ignore[misc]  # django-filter has no types
    field_class = OptionField


class YearFilter(Filter):  # type: ignore[misc]
    field_class = YearField


class CityFilter(Filter):  # type: ignore[misc]
    field_class = CityField


class TextFilter(CharFilter):  # type: ignore[misc]
    field_class = TextField


def _text_filter() -> TextFilter:
    attributes = {"type": "search", "autocomplete": "off", "enterkeyhint": "search"}
    label = gettext_lazy("Text, in any script")
    return TextFilter(label=label, method="by_text", max_length=100, widget=forms.TextInput(attrs=attributes))


class RecordFilter(FilterSet):  # type: ignore[misc]
    """Narrows the records that a visitor may see; each list has one of its own.

    What cannot be understood narrows nothing and is said in `remarks`.
    """

    words: ClassVar[dict[str, type[TextChoices]]] = {}  # fields whose options are choices of a model

    def __init__(self, data: QueryDict, *, queryset: Any, options: dict[str, dict[str, Any]]) -> None:
        super().__init__(data, queryset=queryset)
        self.options = options
        for name, offered in options.items():
            self.form.fields[name].options = offered

    def by_text(self, records: Any, name: str, value: str) -> Any:
        return records.matching(value)

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The filters in force: what was asked and understood."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.asked)

    def without(self, left_out: str) -> Any:
        """Give the records that all filters but one leave."""
        records = self.queryset.all()
        for name, value in self.asked.items():
            if name != left_out:
                records = self.filters[name].filter(records, value)
        return records

    def ways_out(self) -> list[dict[str, Any]]:
        """Where nothing fits: the filters without which something would, each with how many records."""
        if len(self.asked) < 2:
            return []
        ways = [{**chip, "number": self.without(chip["name"]).count()} for chip in self.chips]
        return [way for way in ways if way["number"]]

    def city_named(self) -> Organisation | None:
        """Where a text finds nothing but is the name of a city: that city."""
        text = self.asked.get("q", "")
        return resolve(text).organisation if text else None

    @property
    def remarks(self) -> list[str]:
        """What was not understood, a sentence each."""
        return [
            _("%(field)s: %(error)s This filter was left out.")
            % {"field": self.form.fields[name].label, "error": error}
            for name, errors in self.form.errors.items()
            for error in errors
        ]

    @property
    def city_meant(self) -> str:
        """Which city a spelling was taken for; "" when it was asked by its English name or address, or not at all."""
        resolution: Resolution | None = self.form.fields["city"].resolution
        found = resolution.organisation if resolution else None
        return resolution.message if resolution and found and found.name != resolution.text else ""

    @property
    def chips(self) -> list[dict[str, str]]:
        """The filters in force, each to be taken away: name and value as in the address, and words."""
        return [
            {
                "name": name,
                "value": self.data[name],
                "label": f"{self.form.fields[name].label.partition(',')[0]}: {self.word(name, value)}",
            }
            for name, value in self.asked.items()
        ]

    def word(self, name: str, value: Any) -> str:
        """Say an option in words."""
        return str(self.words[name](value).label) if name in self.words else str(value)

    def offer(self, name: str, rows: Iterable[tuple[str, Any, int]]) -> None:
        """Fill a field's list with options: value, what it stands for, and how many records it would leave."""
        offered = [(value, f"{capfirst(self.word(name, option))} ({count})") for value, option, count in rows]
        self.form.fields[name].widget.choices = [("", _("any")), *offered]


class MeetingFilter(RecordFilter):
    """Narrows the meetings that a visitor may see."""

    words: ClassVar = {"kind": MeetingKind, "mode": Mode}

    q = _text_filter()
    year = YearFilter(label=gettext_lazy("Year"), field_name="start_on", lookup_expr="year")
    kind = OptionFilter(label=gettext_lazy("Kind"), field_name="kind")
    mode = OptionFilter(label=gettext_lazy("Mode"), field_name="mode")
    group = OptionFilter(label=gettext_lazy("Working group"), method="by_group")
    city = CityFilter(
        label=gettext_lazy("City that came"),
        method="by_city",
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    country = OptionFilter(label=gettext_lazy("Met in"), field_name="country")
    presidency = OptionFilter(label=gettext_lazy("Presidency"), method="by_presidency")

    def __init__(self, data: QueryDict, *, user: "User | AnonymousUser") -> None:
        super().__init__(data, queryset=Meeting.objects.visible_to(user), options=read_options(user))

    def by_group(self, meetings: "MeetingQuerySet", name: str, value: WorkingGroup) -> "MeetingQuerySet":
        return meetings.of_group(value)

    def by_city(self, meetings: "MeetingQuerySet", name: str, value: Organisation) -> "MeetingQuerySet":
        return meetings.attended_by(value)

    def by_presidency(self, meetings: "MeetingQuerySet", name: str, value: Presidency) -> "MeetingQuerySet":
        return meetings.during(value)


def read_options(user: "User | AnonymousUser") -> dict[str, dict[str, Any]]:
    """Read what may be chosen, by the value that stands in the address; three queries.

    Of these a network has few: they all fit a list.
    """
    presidencies = Presidency.objects.visible_to(user).select_related("city").order_by("-started_on")
    return {
        "kind": {value: value for value in MeetingKind.values},
        "mode": {value: value for value in Mode.values},
        "group": {group.slug: group for group in WorkingGroup.objects.visible_to(user)},
        "country": {country.code: country for country in Country.objects.all()},
        "presidency": {presidency.slug: presidency for presidency in presidencies},
    }


class NewsFilter(RecordFilter):
    """Narrows the news that a visitor may see."""

    words: ClassVar = {"kind": NewsKind}

    q = _text_filter()
    kind = OptionFilter(label=gettext_lazy("Kind"), field_name="kind")
    year = YearFilter(label=gettext_lazy("Year"), field_name="published_on", lookup_expr="year")
    city = CityFilter(
        label=gettext_lazy("City or body"),
        method="by_city",
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict, *, user: "User | AnonymousUser") -> None:
        kinds = {value: value for value in NewsKind.values}
        super().__init__(data, queryset=NewsItem.objects.visible_to(user), options={"kind": kinds})

    def by_city(self, news: "NewsQuerySet", name: str, value: Organisation) -> "NewsQuerySet":
        return news.about(value)
