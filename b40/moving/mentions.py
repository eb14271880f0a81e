"""Names of the register in a running text: which organisation is named where, and where a name is only part of another."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from b40.moving.sentences import Word, vocabulary, words_of
from members.models import Country, Organisation, OrganisationName
from members.names import fold, search_text

_MUNICIPAL = vocabulary(
    "municipality municipalities metropolitan city cities town mayor mayors deputy vice council councillor councillors delegation delegations "
    "representative representatives belediyesi buyuksehir belediye capital greater"
)
# What is named after a city and is no city.
_NAMESAKES = vocabulary(
    "hotel palace university universitesi faculty college academy institute school museum gallery theatre theater opera library hall centre "
    "center congress convention airport station metro tower bridge street avenue boulevard square park stadium arena club fc bank street house "
    "castle embassy consulate chamber court prison hospital declaration agreement treaty convention charter protocol process initiative forum "
    "festival fair marathon biennale summit presidency statement accord accords roadmap manifesto agenda plan office tech technopark campus "
    "university polytechnic school conference times post press news agency airlines county region province district prefecture fortress residence"
)
_TITLES = re.compile(
    r"(?:mayors?|municipalit(?:y|ies)|cit(?:y|ies)|towns?|presidency|belediyesi|representatives?|delegat\w+|capital) (?:of|from) (?:the )?$",
    re.I,
)
_OF = re.compile(r"(\w+) of (?:the )?$")
_COUNTRY_BEHIND = re.compile(r"^\s*(?:\(\s*([^()]{2,40})\s*\)|[-–,/]\s*([^\W\d_][\w ]{1,40}))")
_LONGEST_NAME = 8


@dataclass(frozen=True)
class Mention:
    """A name in a text, and whom it may mean."""

    text: str
    start: int
    end: int
    organisations: tuple[Organisation, ...]

    @property
    def organisation(self) -> Organisation | None:
        """The one it means, None when several bear the name."""
        return self.organisations[0] if len(self.organisations) == 1 else None


@dataclass
class Register:
    """Every name on record, by its folded words. Made once for a whole import: three queries."""

    names: dict[str, dict[tuple[str, ...], dict[int, Organisation]]] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Register":
        """Read the register as it is now."""
        register = cls(defaultdict(lambda: defaultdict(dict)))
        by_pk = {each.pk: each for each in Organisation.objects.with_status(timezone.localdate())}
        for organisation in by_pk.values():
            register._add(organisation.name, organisation)
            register._add(organisation.abbreviation, organisation)
        for text, key in OrganisationName.objects.values_list("text", "organisation"):
            register._add(text, by_pk[key])
        for country in Country.objects.all():
            for name in (country.name, *country.native_names):
                register.countries[search_text(name)] = country.code
        return register

    def _add(self, name: str, organisation: Organisation) -> None:
        for key in {tuple(fold(name).split()), tuple(search_text(name).split())} - {()}:
            self.names[key[0]][key][organisation.pk] = organisation

    def mentions(self, text: str) -> list[Mention]:
        """Find the names in a text, the longest at each place; a name begins with a capital letter."""
        words = words_of(text)
        found: list[Mention] = []
        index = 0
        while index < len(words):
            match = self._at(text, words, index)
            if match:
                found.append(match[0])
            index += match[1] if match else 1
        return found

    def _at(self, text: str, words: list[Word], index: int) -> tuple[Mention, int] | None:
        first = words[index]
        if not first.is_capital or first.is_suffix or first.key not in self.names:
            return None
        here = self.names[first.key]
        for length in range(min(_LONGEST_NAME, len(words) - index), 0, -1):
            span = words[index : index + length]
            bearers = here.get(tuple(word.key for word in span))
            if bearers and _together(text, span):
                end = span[-1].end
                return Mention(text[first.start : end], first.start, end, self._told_apart(bearers, text[end:])), length
        return None

    def _told_apart(self, bearers: dict[int, Organisation], behind: str) -> tuple[Organisation, ...]:
        """Let a country behind the name decide between namesakes."""
        found = sorted(bearers.values(), key=lambda each: each.pk)
        match = _COUNTRY_BEHIND.match(behind) if len(found) > 1 else None
        code = self.country(match[1] or match[2]) if match else None
        return tuple(each for each in found if code is None or each.country_id == code) or tuple(found)

    def country_places(self, text: str) -> list[tuple[int, int]]:
        """Give where a text names countries of two words or more: "Bosnia and Herzegovina" is one."""
        words = words_of(text)
        found: list[tuple[int, int]] = []
        for length in (4, 3, 2):
            for span in zip(*(words[offset:] for offset in range(length)), strict=False):
                if span[0].is_capital and " ".join(word.key for word in span) in self.countries:
                    found.append((span[0].start, span[-1].end))
        return found

    def country(self, text: str) -> str | None:
        """Give the code of the country that a text names, None when it names none."""
        return self.countries.get(search_text(text))


def _together(text: str, span: list[Word]) -> bool:
    """Whether only blanks, hyphens and full stops part the words of a name."""
    gaps = (text[before.end : after.start] for before, after in zip(span, span[1:], strict=False))
    return all(re.fullmatch(r"[\s.\-–&,’']{1,3}", gap) for gap in gaps)


def is_namesake(text: str, mention: Mention) -> bool:
    """Whether a city's name here is part of another name: "Hotel Zagreb", "Sofia Declaration", "University of Athens".

    Takes the sentence and the mention in it. A municipality, a mayor, a delegation "of Sofia" is Sofia.
    """
    before, behind = text[: mention.start], text[mention.end :]
    if _TITLES.search(before):
        return False
    return _follows(behind) or _precedes(before)


def _follows(behind: str) -> bool:
    match = re.match(r"(?:['’]s)?[ \-]([^\W\d_]+)", behind)
    if not match:
        return False
    key = search_text(match[1])
    if key in _MUNICIPAL:
        rest = re.match(r"(?:['’]s)?[ \-][^\W\d_]+ ([^\W\d_]+)", behind)
        return rest is not None and search_text(rest[1]) in _NAMESAKES and key in {"city", "town"}
    return key in _NAMESAKES or (match[1][0].isupper() and behind[0] in " -" and not _is_listed(match[1]))


def _is_listed(word: str) -> bool:
    return search_text(word) in {"and", "ve", "und", "i"}


def _precedes(before: str) -> bool:
    of = _OF.search(before)
    if of:
        return search_text(of[1]) in _NAMESAKES
    match = re.search(r"([^\W\d_]+)[ \-]$", before)
    if not match:
        return False
    key = search_text(match[1])
    is_first = not before[: match.start()].strip(' \t"“(•:-–|')
    return key in _NAMESAKES or (
        match[1][0].isupper()
        and not is_first
        and key not in _MUNICIPAL
        and not before[: match.start()].rstrip().endswith((".", ":", ";", ","))
        and not _may_stand_before(key)
    )


def _may_stand_before(key: str) -> bool:
    return key in _BEFORE


_BEFORE = vocabulary(
    "and the in from of at with mr ms mrs dr january february march april may june july august september october november december participants "
    "participating attending observers observer host hosts hosted guests including both cities"
)


def known(mentions: Iterable[Mention]) -> list[Organisation]:
    """Give the organisations that are told beyond doubt, each once, in order."""
    return list({each.organisation.pk: each.organisation for each in mentions if each.organisation}.values())
