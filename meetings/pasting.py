"""A pasted list of names on its way into a meeting's attendance: what each name means, and what has to be decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.grid import others_of, own_rows
from meetings.models import Attendance, Meeting, Presence
from members.models import Organisation
from members.pasted import read_names, split_names
from members.resolver import Outcome, Resolution

MOST_LETTERS = 20_000
MOST_NAMES = 400
LEAVE_OUT = "out"


@dataclass(frozen=True)
class Choice:
    """One way to decide a name: take an organisation ("take-12"), or one listed otherwise ("turn-12"), or leave it out."""

    value: str
    label: str


@dataclass(frozen=True)
class Entry:
    """One name of the list. `chosen` is "" as long as a person has to decide."""

    number: int
    resolution: Resolution
    choices: list[Choice]
    chosen: str
    state: str  # "ready", "decide", "listed" or "repeated"
    note: str = ""

    @property
    def field(self) -> str:
        return f"name-{self.number}"

    @property
    def text(self) -> str:
        return self.resolution.text

    @property
    def is_undecided(self) -> bool:
        return bool(self.choices) and not self.chosen

    @property
    def wanted(self) -> int | None:
        """The key of the organisation that it adds or turns to present."""
        return int(self.chosen.partition("-")[2]) if self.choices and self.chosen not in ("", LEAVE_OUT) else None


@dataclass(frozen=True)
class PastedList:
    """A list of names, read; `listed` says what the secretariat has on record for the same scope."""

    entries: list[Entry]
    listed: dict[int, str] = field(default_factory=dict)

    @property
    def undecided(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_undecided]

    @property
    def is_decided(self) -> bool:
        return not self.undecided

    @property
    def wanted(self) -> list[int]:
        """The organisations to record, each once."""
        return list(dict.fromkeys(entry.wanted for entry in self.entries if entry.wanted))

    @property
    def to_decide(self) -> list[Entry]:
        """The doubtful and unknown ones."""
        return [entry for entry in self.entries if entry.state == "decide"]

    @property
    def ready(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.state == "ready"]

    @property
    def settled(self) -> list[Entry]:
        """Those that add nothing: on record as present already, or named a second time."""
        return [entry for entry in self.entries if entry.state in ("listed", "repeated")]

    @property
    def has_choices(self) -> bool:
        return any(entry.choices for entry in self.entries)


def read_list(meeting: Meeting, session: int | None, text: str, chosen: dict[str, str]) -> PastedList:
    """Read a pasted list for a scope of a meeting, with what was decided so far by the fields' names.

    A decision that fits no more, as when somebody recorded the city as absent meanwhile, has to be made again.
    """
    return _PastedNames(meeting, session, chosen).read(read_names(text))


def too_much(text: str) -> str:
    """Say in a sentence that a text is too long for one list; "" when it is not."""
    if len(text) > MOST_LETTERS:
        return _("This is more than %(number)d letters: paste it in parts.") % {"number": MOST_LETTERS}
    if len(split_names(text)) > MOST_NAMES:
        return _("This is more than %(number)d names: paste it in parts.") % {"number": MOST_NAMES}
    return ""


class _PastedNames:
    """Decides, name by name, what there is to choose from."""

    def __init__(self, meeting: Meeting, session: int | None, chosen: dict[str, str]) -> None:
        rows = list(Attendance.objects.filter(meeting=meeting, session=session).order_by("pk"))
        self.listed = {organisation: row.presence for (organisation, _session), row in own_rows(rows).items()}
        self.others = others_of(rows)
        self.session = session
        self.chosen = chosen
        self.seen: set[int] = set()

    def read(self, names: Sequence[Resolution]) -> PastedList:
        read = [self._entry(number, name) for number, name in enumerate(names)]
        return PastedList(read, self.listed)

    def _entry(self, number: int, name: Resolution) -> Entry:
        found = name.organisation
        if found is None:
            return self._to_decide(number, name)
        if found.pk in self.seen:
            return Entry(number, name, [], "", "repeated", _("named above already"))
        self.seen.add(found.pk)
        if self.listed.get(found.pk) == Presence.PRESENT:
            return Entry(number, name, [], "", "listed", _("on record as present already"))
        if found.pk in self.listed:
            return self._to_decide(number, name)
        choices = [self._choice(found), _out()]
        sound = [_("read by its sound")] if name.outcome == Outcome.SPELLING else []
        note = "; ".join([*sound, *self.others.get((found.pk, self.session), [])])
        return Entry(number, name, choices, self._decided(number, choices) or choices[0].value, "ready", note)

    def _to_decide(self, number: int, name: Resolution) -> Entry:
        choices = [*(self._choice(each) for each in name.candidates), _out()]
        return Entry(number, name, choices, self._decided(number, choices), "decide", str(self._question(name)))

    def _question(self, name: Resolution) -> str:
        if name.organisation:
            presence = Presence(self.listed[name.organisation.pk]).label
            return _("%(name)s is listed as %(presence)s.") % {"name": name.organisation, "presence": presence}
        return str(_QUESTIONS[name.outcome, bool(name.candidates)])

    def _choice(self, organisation: Organisation) -> Choice:
        country = f" ({organisation.country_id})" if organisation.country_id else ""
        name = f"{organisation.name}{country}"
        presence = self.listed.get(organisation.pk)
        if presence in (None, Presence.PRESENT):
            return Choice(f"take-{organisation.pk}", name)
        words = {"name": name, "presence": Presence(presence).label}
        return Choice(f"turn-{organisation.pk}", _("%(name)s: change from %(presence)s to present") % words)

    def _decided(self, number: int, choices: Sequence[Choice]) -> str:
        sent = self.chosen.get(f"name-{number}", "")
        return sent if any(choice.value == sent for choice in choices) else ""


_QUESTIONS = {
    (Outcome.AMBIGUOUS, True): gettext_lazy("Several bear this name."),
    (Outcome.UNKNOWN, True): gettext_lazy("Not in the register; did you mean:"),
    (Outcome.UNKNOWN, False): gettext_lazy("Not in the register."),
}


def _out() -> Choice:
    return Choice(LEAVE_OUT, _("Leave out"))
