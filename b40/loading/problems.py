"""What is wrong with a file: each problem with its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

SHOWN = 20


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `place` is a path such as ``meetings[3].attendance[2].organisation``, or a line and column."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class LoadError(Exception):
    """The file cannot be loaded; nothing was written. Carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(map(str, self.problems)))

    def lines(self, file_name: str) -> list[str]:
        """Say each problem in a line that names the file, the first twenty at most."""
        lines = [f"{file_name}: {problem}" for problem in self.problems[:SHOWN]]
        more = len(self.problems) - SHOWN
        return [*lines, f"{file_name}: and {more} more"] if more > 0 else lines


@dataclass(frozen=True)
class Place:
    """Where in the file we are, and the list that problems found there join."""

    path: str = ""
    problems: list[Problem] = field(default_factory=list)

    def key(self, name: str) -> "Place":
        """The place of an object's key."""
        return Place(f"{self.path}.{name}" if self.path else name, self.problems)

    def item(self, index: int) -> "Place":
        """The place of a list's item, counted from 0."""
        return Place(f"{self.path}[{index}]", self.problems)

    def problem(self, message: str) -> None:
        """Note what is wrong here."""
        self.problems.append(Problem(self.path, message))


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """Give "; did you mean …?" when something known is close to what was written, else ""."""
    close = get_close_matches(written, sorted(known), n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else ""
