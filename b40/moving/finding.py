"""What was recognised in a post: each fact with the sentence that it came from. Kept as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fact:
    """One recognised fact. `value` is what a program needs (a slug, a date), `label` what a reader sees."""

    name: str
    value: Any
    label: str
    sentence: str


@dataclass(frozen=True)
class Finding:
    """All that a post tells. Slugs name organisations; days are ISO dates, of a month alone "2024-05"; unknown is None."""

    post_id: int
    title: str
    kind: str
    start_date: str | None = None
    end_date: str | None = None
    mode: str | None = None
    place: str | None = None
    town: str = ""
    venue: str = ""
    host_city: str | None = None
    cities: list[str] = field(default_factory=list)
    cities_count_stated: int | None = None
    participants_stated: int | None = None
    observers: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    working_groups: list[str] = field(default_factory=list)
    topics: list[dict[str, str]] = field(default_factory=list)
    presidency_city: str | None = None
    people: list[dict[str, str]] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    totals: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[dict[str, str]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    summary: str = ""
    text: str = ""

    @property
    def is_meeting(self) -> bool:
        return self.kind != "news"

    def as_json(self) -> dict[str, Any]:
        """Give what `import_post --format json` prints of a post."""
        return {name: getattr(self, name) for name in PRINTED}

    def as_kept(self) -> dict[str, Any]:
        """Give what the database keeps, see `from_kept`."""
        return asdict(self)

    @classmethod
    def from_kept(cls, kept: dict[str, Any]) -> "Finding":
        """Read what `as_kept` gave."""
        return cls(**{**kept, "facts": [Fact(**fact) for fact in kept.get("facts", [])]})


PRINTED = (
    "post_id", "kind", "start_date", "end_date", "mode", "place", "host_city", "cities", "cities_count_stated", "participants_stated",
    "observers", "working_groups", "topics", "presidency_city", "people", "unresolved",
)  # fmt: skip
