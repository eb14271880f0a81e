"""One resolver finds an organisation by any spelling of its name, and says so when it cannot tell."""

import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db.models import Q
from django.utils.translation import gettext as _

from members.models import Country, Organisation, OrganisationName
from members.names import fold, fold_loosely

_BEHIND = re.compile(r"^(?P<name>.+?)\s*(?:\(\s*(?P<inside>[^()]+?)\s*\)|,\s*(?P<after>[^,]+?))\s*$")
_SUGGESTIONS = 3
_NEIGHBOURS = 500


class Outcome(StrEnum):
    """How a name was resolved: it is on record as written, only its sound is, several bear it, or none does."""

    NAME = "name"
    SPELLING = "spelling"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Resolution:
    """The answer for one text. `organisation` is None unless exactly one is meant; `candidates` are then those to choose from."""

    text: str
    outcome: Outcome
    organisation: Organisation | None = None
    candidates: tuple[Organisation, ...] = ()

    @property
    def message(self) -> str:
        """Say in a sentence what was found and, if need be, how to mend it."""
        names = ", ".join(
            f"{found.name} ({found.country_id})" if found.country_id else found.name for found in self.candidates
        )
        if self.organisation:
            return _("“%(text)s” is %(name)s.") % {"text": self.text, "name": self.organisation.name}
        if self.outcome == Outcome.AMBIGUOUS:
            return _("“%(text)s” may be any of %(names)s: add the country, as in “%(text)s (BG)”.") % {
                "text": self.text,
                "names": names,
            }
        if names:
            return _("“%(text)s” is not in the register; did you mean %(names)s?") % {"text": self.text, "names": names}
        return _("“%(text)s” is not in the register.") % {"text": self.text}


def resolve(text: str, *, country: str | None = None) -> Resolution:
    """Find the organisation that a name means.

    Takes a name in Latin, Cyrillic or Greek, perhaps with its country behind it ("Dimitrovgrad (Serbia)", "Dimitrovgrad, RS"), or that country's code
    apart. Gives a `Resolution`; never guesses: two that fit are ambiguous, none is unknown (with the closest as candidates).
    """
    resolution = resolve_all([text], country=country)[text]
    return resolution if resolution.outcome != Outcome.UNKNOWN else suggest(resolution)


def resolve_all(texts: Iterable[str], *, country: str | None = None) -> dict[str, Resolution]:
    """Resolve many names at once, in a number of queries that does not depend on how many there are. Unknown ones come without suggestions."""
    wanted = list(dict.fromkeys(texts))
    codes = _country_codes() if any(_BEHIND.match(text) for text in wanted) else {}
    split = {text: _split_country(text, country, codes) for text in wanted}
    spoken = {name for name, _code in split.values()} | set(wanted)
    index = _Index({fold(name) for name in spoken}, {fold_loosely(name) for name in spoken})
    return {text: _resolve_one(text, *split[text], index) for text in wanted}


def suggest(resolution: Resolution) -> Resolution:
    """Add to an unknown name the organisations whose keys are closest, three at most."""
    return suggest_all([resolution])[0]


def suggest_all(resolutions: Sequence[Resolution]) -> list[Resolution]:
    """Add to each unknown name what `suggest` would, in three queries however many there are."""
    keys = {one: fold_loosely(one.text) for one in resolutions if one.outcome == Outcome.UNKNOWN}
    letters = {key[0] for key in keys.values() if key}
    owners = {letter: near for letter, near in _neighbours(letters).items() if near}
    close = {
        one: difflib.get_close_matches(key, owners[key[0]], n=_SUGGESTIONS, cutoff=0.7)
        for one, key in keys.items()
        if key and key[0] in owners
    }
    ids = {one: list(dict.fromkeys(owners[keys[one][0]][match] for match in near)) for one, near in close.items()}
    found = Organisation.objects.in_bulk({pk for near in ids.values() for pk in near})
    return [replace(one, candidates=tuple(found[pk] for pk in ids[one])) if one in ids else one for one in resolutions]


def _neighbours(letters: Collection[str]) -> dict[str, dict[str, int]]:
    """Give, for each first letter of a loose key, the keys that begin so and whose they are; of each kind so many at most."""
    owners: dict[str, dict[str, int]] = {letter: {} for letter in letters}
    begin = Q(*(Q(loose_key__startswith=letter) for letter in sorted(letters)), _connector=Q.OR)
    most = _NEIGHBOURS * len(letters)
    rows = [
        OrganisationName.objects.values_list("loose_key", "organisation_id"),
        Organisation.objects.values_list("loose_key", "pk"),
    ]
    for each in rows if letters else []:
        for key, owner in each.filter(begin)[:most]:
            owners[key[0]][key] = owner
    return owners


class _Index:
    """The organisations that bear any of some keys: exact ones and loose ones."""

    def __init__(self, keys: set[str], loose_keys: set[str]) -> None:
        keys, loose_keys = keys - {""}, loose_keys - {""}
        self.exact: dict[str, dict[int, Organisation]] = defaultdict(dict)
        self.loose: dict[str, dict[int, Organisation]] = defaultdict(dict)
        wanted = (
            Q(key__in=keys)
            | Q(loose_key__in=loose_keys)
            | Q(abbreviation__in={key.upper() for key in keys if len(key) <= 20})
        )
        for organisation in Organisation.objects.filter(wanted):
            self._add(organisation, organisation.key, organisation.loose_key)
            if organisation.abbreviation:
                self._add(organisation, fold(organisation.abbreviation), "")
        names = OrganisationName.objects.filter(Q(key__in=keys) | Q(loose_key__in=loose_keys)).select_related(
            "organisation"
        )
        for name in names:
            self._add(name.organisation, name.key, name.loose_key)

    def _add(self, organisation: Organisation, key: str, loose_key: str) -> None:
        self.exact[key][organisation.pk] = organisation
        self.loose[loose_key][organisation.pk] = organisation

    def find(self, name: str, country: str | None) -> tuple[Outcome, list[Organisation]]:
        """Those that bear the name exactly; only if there are none, those that bear its sound."""
        for outcome, bearers in (
            (Outcome.NAME, self.exact.get(fold(name))),
            (Outcome.SPELLING, self.loose.get(fold_loosely(name))),
        ):
            found = [one for one in (bearers or {}).values() if country is None or one.country_id == country]
            if found and fold(name):
                return outcome, sorted(found, key=lambda one: (one.name, one.country_id or "", one.pk))
        return Outcome.UNKNOWN, []


def _resolve_one(text: str, name: str, country: str | None, index: _Index) -> Resolution:
    outcome, found = index.find(text, None)
    if not found or country:
        outcome, found = index.find(name, country)
    if len(found) == 1:
        return Resolution(text, outcome, found[0], tuple(found))
    return Resolution(text, Outcome.AMBIGUOUS if found else Outcome.UNKNOWN, candidates=tuple(found))


def _split_country(text: str, country: str | None, codes: dict[str, str]) -> tuple[str, str | None]:
    """Part "Dimitrovgrad (Serbia)" or "Dimitrovgrad, RS" into name and country code, when what stands behind is a country on record."""
    match = _BEHIND.match(text)
    if not match:
        return text, country
    code = codes.get(fold(match["inside"] or match["after"]))
    return (match["name"], code) if code else (text, country)


def _country_codes() -> dict[str, str]:
    """Map every folded way to name a country to its code."""
    return {
        fold(name): country.code
        for country in Country.objects.all()
        for name in (country.code, country.name, *country.native_names)
    }
