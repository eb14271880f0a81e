"""The sample content of the gallery of components (``components/gallery.html``).

Invented records, with names of the length and in the scripts that really come.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django import forms, template
from django.core.paginator import Page, Paginator

from meetings.models import TOOK_PLACE
from members import maps

register = template.Library()


@dataclass(frozen=True)
class _Name:
    text: str
    language_tag: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class _City:
    name: str
    own_name: _Name | None
    latitude: float
    longitude: float
    country: str

    def get_absolute_url(self) -> str:
        return "#city"


@dataclass(frozen=True)
class _Source:
    url: str
    title: str
    host: str


@dataclass(frozen=True)
class _Fact:
    certainty: str
    get_certainty_display: str
    basis: str
    is_doubtful: bool = True


@dataclass(frozen=True)
class _Topic:
    title: str
    status: str = "open"
    get_status_display: str = "open"

    def get_absolute_url(self) -> str:
        return "#topic"


@dataclass(frozen=True, kw_only=True)
class _Meeting:
    title: str
    start_on: dt.date
    end_on: dt.date | None = None
    date_precision: str = "day"
    status: str = "held"
    kind: str
    mode: str
    place: str = ""
    host_city: _City | None = None
    city_count: int = 0
    groups: list[str] = field(default_factory=list)

    @property
    def took_place(self) -> bool:
        return self.status in TOOK_PLACE

    def get_absolute_url(self) -> str:
        return "#meeting"

    @property
    def get_kind_display(self) -> str:
        return self.kind

    @property
    def get_mode_display(self) -> str:
        return self.mode

    @property
    def get_status_display(self) -> str:
        return self.status


_ROWS = """Athens|Αθήνα|el|37.984|23.728|Greece
Ioannina|Ιωάννινα|el|39.664|20.852|Greece
Patras|Πάτρα|el|38.246|21.735|Greece
Thessaloniki|Θεσσαλονίκη|el|40.640|22.944|Greece
Chania|Χανιά|el|35.514|24.018|Greece
Mytilene|Μυτιλήνη|el|39.107|26.555|Greece
Sofia|София|bg|42.698|23.322|Bulgaria
Stara Zagora|Стара Загора|bg|42.426|25.635|Bulgaria
Varna|Варна|bg|43.214|27.915|Bulgaria
Kardzhali|Кърджали|bg|41.634|25.378|Bulgaria
Shumen|Шумен|bg|43.271|26.936|Bulgaria
Istanbul|İstanbul|tr|41.008|28.978|Türkiye
Çanakkale||tr|40.155|26.414|Türkiye
Tekirdağ||tr|40.978|27.511|Türkiye
İzmir||tr|38.423|27.143|Türkiye
Bursa||tr|40.183|29.067|Türkiye
Sarajevo|Сарајево|bs-Cyrl|43.856|18.413|Bosnia and Herzegovina
Tuzla||bs|44.538|18.676|Bosnia and Herzegovina
Banja Luka|Бања Лука|sr-Cyrl|44.772|17.191|Bosnia and Herzegovina
Zagreb||hr|45.815|15.982|Croatia
Split||hr|43.508|16.440|Croatia
Pula||hr|44.867|13.850|Croatia
Podgorica|Подгорица|cnr-Cyrl|42.441|19.263|Montenegro
Nikšić|Никшић|cnr-Cyrl|42.773|18.944|Montenegro
Kotor|Котор|cnr-Cyrl|42.424|18.771|Montenegro
Skopje|Скопје|mk|41.996|21.431|North Macedonia
Kisela Voda|Кисела Вода|mk|41.975|21.440|North Macedonia
Tirana|Tiranë|sq|41.328|19.819|Albania
Durrës||sq|41.324|19.456|Albania
Pristina|Prishtinë|sq|42.663|21.165|Kosovo
Prizren||sq|42.215|20.741|Kosovo
Belgrade|Београд|sr-Cyrl|44.817|20.457|Serbia
Galați||ro|45.435|28.008|Romania
Novo Mesto||sl|45.804|15.169|Slovenia"""


def _cities() -> list[_City]:
    cells = (row.split("|") for row in _ROWS.splitlines())
    return [
        _City(n, _Name(own, tag) if own else None, float(lat), float(lon), country)
        for n, own, tag, lat, lon, country in cells
    ]


_PRESENT = [
    "Zagreb",
    "Athens",
    "Sofia",
    "Istanbul",
    "Thessaloniki",
    "Tirana",
    "Skopje",
    "Varna",
    "Pristina",
    "Nikšić",
    "Tuzla",
    "Patras",
    "Galați",
]


def _state(city: _City) -> str:
    if city.name in _PRESENT:
        return "host" if city.name == "Zagreb" else "present"
    return "observer" if city.name == "Chania" else "other"


def _points(cities: list[_City]) -> list[maps.MapPoint]:
    ordered = sorted(cities, key=lambda city: city.name not in _PRESENT)
    points = (
        maps.place(
            city.latitude, city.longitude, city.name, native=str(city.own_name or ""), href="#city", state=_state(city)
        )
        for city in ordered
    )
    return maps.spread_labels([point for point in points if point], limit=16)


class _FilterForm(forms.Form):
    q = forms.CharField(label="Text", required=False, widget=forms.SearchInput)
    year = forms.ChoiceField(
        label="Year", required=False, choices=[("", "any"), ("2025", "2025 (6)"), ("2024", "2024 (4)")]
    )
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "any"), ("summit", "summit (5)")])
    group = forms.ChoiceField(
        label="Working group",
        required=False,
        choices=[("", "any"), ("s", "Smart Cities and Digital Transformation (3)")],
    )
    city = forms.ChoiceField(label="City", required=False, choices=[("", "any"), ("athens", "Athens (9)")])
    presidency = forms.ChoiceField(
        label="Presidency", required=False, choices=[("", "any"), ("sofia", "Sofia, 2025 (6)")]
    )


def _meetings(cities: dict[str, _City]) -> list[_Meeting]:
    groups = [
        "Local Climate Action",
        "Local Democracy and Migration",
        "Smart Cities and Digital Transformation",
        "Local Economic and Cultural Cooperation",
    ]
    return [
        _Meeting(
            title="Executive Board in Thessaloniki",
            start_on=dt.date(2026, 12, 4),
            kind="Executive Board",
            mode="in person",
            status="announced",
            host_city=cities["Thessaloniki"],
        ),
        _Meeting(
            title="B40 Zagreb Summit: cities as drivers of sustainable development",
            start_on=dt.date(2026, 1, 25),
            end_on=dt.date(2026, 1, 27),
            kind="summit",
            mode="in person",
            host_city=cities["Zagreb"],
            city_count=52,
        ),
        _Meeting(
            title="Working groups online",
            start_on=dt.date(2025, 4, 9),
            kind="working group meeting",
            mode="online",
            city_count=16,
            groups=groups,
        ),
        _Meeting(
            title="Workshop on emission inventories",
            start_on=dt.date(2024, 9, 30),
            end_on=dt.date(2024, 10, 2),
            kind="workshop",
            mode="hybrid",
            status="cancelled",
            place="Ioannina",
        ),
        _Meeting(
            title="Signing ceremony of ten Bulgarian cities",
            start_on=dt.date(2022, 6, 1),
            date_precision="month",
            kind="signing ceremony",
            mode="in person",
            host_city=cities["Sofia"],
            city_count=1,
        ),
    ]


def _news(cities: dict[str, _City]) -> list[dict[str, Any]]:
    published, gist = dt.date(2025, 4, 1), "Air knows no borders: what stations measure is shared hour by hour."
    spoken_of = {"all": [cities["Thessaloniki"], cities["Stara Zagora"]]}
    items: list[dict[str, Any]] = [
        {"title": "On clean air", "get_kind_display": "statement", "published_on": published, "gist": gist},
        {"title": "Hosts of the youth week", "get_kind_display": "call", "is_draft": True, "organisations": spoken_of},
    ]
    return [{**item, "get_absolute_url": "#"} for item in items]


def _terms() -> list[dict[str, Any]]:
    rows = [
        (
            "Istanbul",
            "İstanbul",
            "tr",
            "30 November 2021 – 23 January 2023",
            ["Ekrem İmamoğlu"],
            "Better Cooperation, Better Future",
        ),
        (
            "Athens",
            "Αθήνα",
            "el",
            "23 January 2023 – 30 January 2024",
            ["Kostas Bakoyannis", "Haris Doukas, from 1 January 2024"],
            "",
        ),
        (
            "Tirana",
            "Tiranë",
            "sq",
            "30 January 2024 – 24 February 2025",
            ["Erion Veliaj"],
            "Building Urban Resilience and Responding to Crises",
        ),
        (
            "Sofia",
            "София",
            "bg",
            "24 February 2025 – 26 January 2026",
            ["Vasil Terziev"],
            "The Future of the Balkans: Innovation, Cooperation, Green Transition and Growth",
        ),
        (
            "Zagreb",
            "",
            "",
            "since 26 January 2026",
            ["Tomislav Tomašević"],
            "Cities as drivers of sustainable development",
        ),
    ]
    keys = ("city", "native", "language", "term", "people", "motto")
    return [dict(zip(keys, row, strict=True), url="#presidency", is_current=row[0] == "Zagreb") for row in rows]


def _topic_groups() -> list[dict[str, Any]]:
    return [
        {
            "name": "Local Climate Action",
            "url": "#group",
            "topics": [
                _Topic("Urban heat islands"),
                _Topic("Cleaner air in winter", "settled", "settled"),
                _Topic("Emission inventories for cities of every size"),
            ],
        },
        {
            "name": "Smart Cities and Digital Transformation",
            "url": "#group",
            "topics": [
                _Topic("Artificial intelligence in city services"),
                _Topic("A shared catalogue of solutions", "dropped", "dropped"),
            ],
        },
        {
            "name": "Local Democracy and Migration",
            "url": "#group",
            "topics": [
                _Topic("A photo competition on local democracy and citizens' protest"),
                _Topic("Citizens' assemblies"),
            ],
        },
    ]


_STATUSES = [
    "member", "candidate", "observer", "partner", "ended", "announced", "under_way", "held", "closed", "postponed",
    "cancelled", "draft", "present", "excused", "absent", "inferred", "disputed", "unconfirmed", "current",
]  # fmt: skip


@register.simple_tag
def gallery_content() -> dict[str, Any]:
    """Give the sample content, by the component that shows it."""
    cities = sorted(_cities(), key=lambda city: city.name)
    by_country = {
        country: [city for city in cities if city.country == country]
        for country in sorted({city.country for city in cities})
    }
    page: Page[int] = Paginator(range(240), 20).page(5)
    return {
        "cities": cities,
        "many_cities": cities * 3,
        "by_country": by_country,
        "points": _points(cities),
        "legend": [
            {"state": "present", "label": "took part"},
            {"state": "host", "label": "host city"},
            {"state": "observer", "label": "observer"},
            {"state": "other", "label": "other members"},
        ],
        "meetings": _meetings({city.name: city for city in cities}),
        "news": _news({city.name: city for city in cities}),
        "terms": _terms(),
        "topic_groups": _topic_groups(),
        "form": _FilterForm({"year": "2025", "city": "athens"}),
        "chips": [
            {"name": "year", "value": "2025", "label": "2025"},
            {"name": "city", "value": "athens", "label": "Athens"},
        ],
        "page": page,
        "bars": [{"label": country, "value": len(listed), "url": "#country"} for country, listed in by_country.items()],
        "doubtful": _Fact(
            "disputed",
            "disputed",
            "The host's report counts 54 cities, a newspaper of the same day 55; the network's own list has 54 names.",
        ),
        "sources": [
            _Source("https://b40network.org/istanbul-summit/", "Istanbul Summit", "b40network.org"),
            _Source("https://zagreb.hr/en/", "", "zagreb.hr"),
            _Source("https://www.varna24.bg/novini/", "Представят културата и туризма на Варна", "varna24.bg"),
        ],
        "start": dt.datetime(2026, 12, 4, 8, 0, tzinfo=dt.UTC),
        "finish": dt.datetime(2026, 12, 4, 9, 30, tzinfo=dt.UTC),
        "statuses": _STATUSES,
    }
