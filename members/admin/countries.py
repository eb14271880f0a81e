"""Countries, and the sources that facts were taken from."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from members.admin.base import RecordAdmin
from members.forms import LinesField, RecordForm
from members.models import Country, Source
from members.names import search_text


class CountryForm(RecordForm[Country]):
    native_names = LinesField(
        label=_("names in its own languages"),
        required=False,
        help_text=_("One per line, as in “България”."),
    )


@admin.register(Country)
class CountryAdmin(RecordAdmin[Country]):
    form = CountryForm
    fields = ("code", "name", "native_names", "footnote")
    list_display = ("name", "code", "own_names", "footnote")
    search_fields = ("name",)

    @admin.display(description=_("names in its own languages"))
    def own_names(self, country: Country) -> str:
        return " · ".join(country.native_names) or "–"

    def found(self, rows: Any, text: str) -> Any:
        """Search all names in any script; the countries are few, so they are compared here and not in the database."""
        words = search_text(text).split()
        matching = [
            country.pk
            for country in Country.objects.all()
            if words and all(word in search_text(country.code, country.name, *country.native_names) for word in words)
        ]
        return rows.filter(pk__in=matching)

    def get_readonly_fields(self, request: HttpRequest, obj: Country | None = None) -> tuple[str, ...]:
        """The code is the key: another code is another country."""
        return ("code",) if obj else ()


@admin.register(Source)
class SourceAdmin(RecordAdmin[Source]):
    fields = ("url", "title")
    list_display = ("title_or_host", "address")
    search_fields = ("title", "url")
    list_filter: ClassVar = []

    @admin.display(description=_("title"), ordering="title")
    def title_or_host(self, source: Source) -> str:
        return str(source)

    @admin.display(description=_("address"), ordering="url")
    def address(self, source: Source) -> SafeString:
        return format_html('<a href="{}" rel="noreferrer">{}</a>', source.url, source.url)

    def found(self, rows: Any, text: str) -> Any:
        for word in text.split():
            rows = rows.filter(title__icontains=word) | rows.filter(url__icontains=word)
        return rows

    def option_label(self, source: Source) -> str:
        """Two sources may bear one title, so the address goes with it."""
        return f"{source.title} · {source.url}" if source.title else source.url
