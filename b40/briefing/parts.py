"""What a brief is made of: sections with a sentence and lines, cut so that all of it fits on a page."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import ngettext

# How much of its lines a section shows, the most generous first: paper takes the first that fits on one page.
SHARES = (1, 0.75, 0.5, 0.35, 0.2, 0.1)


@dataclass(frozen=True)
class Line:
    """One fact: what it is, a remark, the day or word before it, and where it stands."""

    text: str
    note: str = ""
    mark: str = ""
    url: str = ""
    is_late: bool = False
    staff_url: str = ""  # where staff finds it, when that is somewhere else


@dataclass(frozen=True)
class Cut:
    """The lines of a section that are shown, and how many are not."""

    lines: list[Line]
    more: int

    @property
    def words(self) -> str:
        """As in "and 12 more"; empty when all are shown."""
        said = ngettext("and %(number)d more", "and %(number)d more", self.more) % {"number": self.more}
        return said if self.more else ""


@dataclass(frozen=True)
class Section:
    """A matter of the brief. `most` is how many lines it shows where there is room; `url` leads to all of them."""

    key: str
    title: str
    lead: str = ""
    lines: list[Line] = field(default_factory=list)
    most: int = 8
    url: str = ""
    is_aside: bool = False  # stands in the second column
    figures: list[tuple[str, int]] = field(default_factory=list)

    def cut(self, share: float = 1) -> Cut:
        """Keep the first lines, as many as a share of `most`; a single line that would be left over stays too."""
        limit = max(1, round(self.most * share))
        shown = self.lines if len(self.lines) <= limit + 1 else self.lines[:limit]
        return Cut(shown, len(self.lines) - len(shown))

    @property
    def shown(self) -> Cut:
        """What the page on the web shows at once."""
        return self.cut()

    @property
    def rest(self) -> list[Line]:
        """What it shows once asked."""
        return self.lines[len(self.shown.lines) :]

    def as_data(self, share: float) -> dict[str, Any]:
        """Give it as the paper's template takes it."""
        cut = self.cut(share)
        return {
            "title": self.title,
            "lead": self.lead,
            "figures": [[label, str(number)] for label, number in self.figures],
            "lines": [[line.mark, line.text, line.note, line.is_late] for line in cut.lines],
            "more": cut.words,
        }
