"""Working groups that a text names, and the topics it tells of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from b40.moving.passages import Passage
from b40.moving.sentences import Word, words_of
from workinggroups.models import WorkingGroup

_FILLERS = {"and", "the", "of", "on", "ve", "amp", "for", "in"}
_GROUP_WORDS = {
    "working",
    "group",
    "groups",
    "wg",
    "workshop",
    "workshops",
    "meeting",
    "session",
    "panel",
    "calisma",
    "grubu",
}
_DISCUSSED = re.compile(
    r"\b(?:discuss(?:ed|es|ing)|(?<!\ba )(?<!the )focus(?:ed|es|ing|sed)? on|address(?:ed|es|ing)|dealt with|deals with|debated|explored|examined|covered|talked about|exchanged (?:views|ideas|experiences?) on|"
    r"considered|reviewed|worked on|looked at|tackled|centred on|centered on|concentrated on|highlighted|took up|on the agenda (?:of the \w+ )?(?:were|was)|presented|elaborated on|emphasi[sz]ed)\s+"
    r"(?:(?:the )?(?:topics?|issues?|subjects?|themes?|matters?|questions?)(?: (?:of|such as|like|including))?:?\s*)?",
    re.I,
)
_THEY_DISCUSSED = re.compile(
    r"^(?:(?:the|all) )?(?:participants|cities|delegates|delegations|members|representatives|experts|group|working group|meeting|session|workshop)(?: \w+){0,3}? "
    + _DISCUSSED.pattern,
    re.I,
)
_TOPIC_LIST = re.compile(
    r"\b(?:topics?|discuss\w*|agenda|themes?|issues|subjects|focus\w*|addressed|headings|items)\b", re.I
)
_IN_GROUP = re.compile(
    r",?\s*(?:(?:were|was) (?:discussed|addressed|on the agenda|handled|covered|debated|taken up|examined)\s*)?(?:were |was )?(?:in|within|at|by|under|for|during|as part of)\s+(?:the\s+)?(?:scope of\s+(?:the\s+)?)?[\"“”']?$",
    re.I,
)
_WERE_DISCUSSED = re.compile(
    r"^\s*,\s*(.+?)\s+(?:were|was|have been|has been)\s+(?:also )?(?:discussed|addressed|debated|covered|on the agenda|the main topics?|examined|handled|taken up|evaluated|presented)\b",
    re.I,
)
_LEADING = re.compile(
    r"^(?:(?:(?:topics?|agenda|subjects?|themes?)\s*:|the|a|an|on|about|and|also|both|as well as|including|such as|topics?|issues?|of|like|discussion(?:s)? (?:of|on)|strengthening of)\s+)+|^\W+",
    re.I,
)
_ELABORATION = re.compile(
    r",?\s+(?:through|with an? (?:emphasis|focus)|including|such as|especially|in particular|with a view|in order to|as well as how|for (?:example|instance))\b.*$",
    re.I,
)
_INCLUDED = re.compile(
    r",?\s+(?:including|such as|through events such as|especially|in particular|with an? (?:emphasis|focus) on|through)\s+(.+)$",
    re.I,
)
_AND = re.compile(r"\s+(?:and|&)\s+", re.I)
LONGEST_TOPIC = 200


@dataclass(frozen=True)
class GroupMention:
    """A working group in a text."""

    group: WorkingGroup
    start: int
    end: int


@dataclass(frozen=True)
class TopicFound:
    """A topic of a group (None: of the network), with its sentence."""

    group: WorkingGroup
    title: str
    sentence: str


class GroupNames:
    """The names that groups bear and bore, by their words. Made once for a whole import: two queries."""

    def __init__(self) -> None:
        groups = list(WorkingGroup.objects.prefetch_related("former_names"))
        self.names: dict[tuple[str, ...], WorkingGroup] = {}
        for group in groups:
            for former in group.former_names.all():
                self.names.setdefault(_key(former.name), group)
        self.names |= {_key(group.name): group for group in groups}
        self.parts = _unique_parts(self.names)

    def mentions(self, text: str) -> list[GroupMention]:
        """Find the groups that a text names, in full, or in part right before "Working Group"."""
        words = [word for word in words_of(text) if word.key]
        solid = [index for index, word in enumerate(words) if word.key not in _FILLERS]
        found: list[GroupMention] = []
        position = 0
        while position < len(solid):
            length, group = self._longest(words, solid[position:])
            if group is not None:
                found.append(GroupMention(group, words[solid[position]].start, words[solid[position + length - 1]].end))
            position += max(length, 1)
        return found

    def _longest(self, words: list[Word], solid: list[int]) -> tuple[int, WorkingGroup | None]:
        for length in range(min(8, len(solid)), 1, -1):
            if solid[length - 1] - solid[0] > length + 2:
                continue
            key = tuple(words[index].key for index in solid[:length])
            if key in self.names and (words[solid[0]].is_capital or length > 3):
                return length, self.names[key]
            behind = words[solid[length]].key if length < len(solid) else ""
            if key in self.parts and behind in {"working", "wg"} and words[solid[0]].is_capital:
                return length, self.parts[key]
        return 0, None


def _key(name: str) -> tuple[str, ...]:
    return tuple(word.key for word in words_of(name) if word.key and word.key not in _FILLERS)


def _unique_parts(names: dict[tuple[str, ...], WorkingGroup]) -> dict[tuple[str, ...], WorkingGroup]:
    """Give the runs of two words or more that only one group's names hold."""
    owners: dict[tuple[str, ...], set[int]] = {}
    groups: dict[int, WorkingGroup] = {}
    for key, group in names.items():
        groups[group.pk] = group
        for start in range(len(key)):
            for end in range(start + 2, len(key) + 1):
                owners.setdefault(key[start:end], set()).add(group.pk)
    return {part: groups[next(iter(pks))] for part, pks in owners.items() if len(pks) == 1}


# --- Topics ----------------------------------------------------------------------------------------------------------


def topics_of(passages: list[Passage], names: GroupNames) -> list[TopicFound]:
    """Find the topics of each group: under its heading, beside its name in a list or a table, or in a sentence."""
    found: dict[tuple[int, str], TopicFound] = {}
    only = _only_group(passages, names)
    for passage in passages:
        if passage.is_title:
            continue
        for group, text in _said_of_groups(passage, names) or _said_of_the_only(passage, only):
            for title in _titles(text, passage):
                found.setdefault((group.pk, title.lower()), TopicFound(group, title, passage.text))
    return list(found.values())


def _only_group(passages: list[Passage], names: GroupNames) -> WorkingGroup | None:
    """Give the group that a post speaks of, when it speaks of one alone."""
    groups = {mention.group.pk: mention.group for passage in passages for mention in names.mentions(passage.text)}
    return next(iter(groups.values())) if len(groups) == 1 else None


def _said_of_the_only(passage: Passage, group: WorkingGroup | None) -> list[tuple[WorkingGroup, str]]:
    """In a post about one group, what was discussed was discussed by it."""
    if group is None:
        return []
    if passage.block.kind == "item" and _TOPIC_LIST.search(passage.under):
        return [(group, passage.text)]
    match = _THEY_DISCUSSED.match(passage.text)
    return [(group, passage.text[match.end() :])] if match else []


def _said_of_groups(passage: Passage, names: GroupNames) -> list[tuple[WorkingGroup, str]]:
    """Give each group with the piece of the passage that tells its topics."""
    return list(_pieces_of_groups(passage, names))


def _pieces_of_groups(passage: Passage, names: GroupNames) -> Iterator[tuple[WorkingGroup, str]]:
    mentions = names.mentions(passage.text)
    if passage.block.kind == "row":
        yield from _row(passage, names)
    elif len(mentions) == 1:
        yield from _beside(passage, mentions[0])
    elif len(mentions) > 1:
        yield from _clauses(passage.text, mentions)
    elif passage.block.kind == "item":
        under = names.mentions(passage.under)
        if len(under) == 1:
            yield under[0].group, passage.text
    else:
        under = names.mentions(passage.under)
        match = _DISCUSSED.search(passage.text)
        if len(under) == 1 and (match or not passage.text.endswith(".")):
            yield under[0].group, passage.text[match.end() :] if match else passage.text


def _row(passage: Passage, names: GroupNames) -> Iterator[tuple[WorkingGroup, str]]:
    cells = passage.block.cells
    for index, cell in enumerate(cells):
        mentions = names.mentions(cell)
        if len(mentions) == 1 and len(cell) < 120:
            for other in cells[:index] + cells[index + 1 :]:
                yield mentions[0].group, other
            return


def _beside(passage: Passage, mention: GroupMention) -> Iterator[tuple[WorkingGroup, str]]:
    text = passage.text
    before, behind = text[: mention.start], _after_name(text[mention.end :])
    label = re.match(r"^\s*[:–—-]\s*(.+)$", behind)
    if label and not before.strip(' "“•*-–').rstrip("0123456789.) "):
        match = _DISCUSSED.match(label[1])
        yield mention.group, label[1][match.end() :] if match else label[1]
        return
    passive = (
        _WERE_DISCUSSED.match(behind) if re.search(r"\b(?:in|at|within|during|for) (?:the )?$", before, re.I) else None
    )
    if passive:
        yield mention.group, passive[1]
        return
    spoken = _DISCUSSED.search(behind)
    in_group = _IN_GROUP.search(before)
    if spoken and spoken.start() < 80:
        yield mention.group, behind[spoken.end() :]
    elif in_group and (passage.block.kind == "item" or _TOPIC_LIST.search(text) or _TOPIC_LIST.search(passage.under)):
        lead = _DISCUSSED.search(before)
        said = before[: in_group.start()]
        yield mention.group, said[lead.end() :] if lead and lead.end() < in_group.start() else said
    elif in_group is None and (match := _DISCUSSED.search(before)) and not behind.strip(" ."):
        yield mention.group, before[match.end() :]


def _after_name(text: str) -> str:
    return re.sub(
        r"^\s*[\"”')]*(?:\s*(?:Working\s+Groups?|WG|Group|Çalışma Grubu))?[\"”')]*(?:\s+(?:Meetings?|Sessions?|Workshops?))?",
        "",
        text,
        flags=re.I,
    )


def _clauses(text: str, mentions: list[GroupMention]) -> Iterator[tuple[WorkingGroup, str]]:
    """One sentence about several groups, as in "the A Working Group discussed x, while the B Working Group addressed y"."""
    ends = [mention.start for mention in mentions[1:]] + [len(text)]
    for mention, end in zip(mentions, ends, strict=True):
        behind = _after_name(text[mention.end : end])
        match = _DISCUSSED.match(behind.lstrip(" ,")) or re.match(r"\s*:\s*", behind)
        if match:
            said = behind.lstrip(" ,")[match.end() :]
            yield (
                mention.group,
                re.sub(r"[,;]?\s*(?:and|while|whereas|whilst|but)?\s*(?:the|in the)?\s*[\"“']?$", "", said, flags=re.I),
            )


def _titles(text: str, passage: Passage) -> Iterator[str]:
    """Part what was said into topics: at bold phrases where the writer set them, else at separators."""
    text = text.strip()
    bold = [phrase for phrase in passage.block.strong if phrase in text and len(phrase) > 3]
    if bold:
        yield from filter(None, map(_title, bold))
        rest = _INCLUDED.search(text[text.rfind(bold[-1]) + len(bold[-1]) :])
        pieces = _elaborated(rest[1]) if rest else []
    else:
        pieces = _pieces(_ELABORATION.sub("", text))
        rest = _INCLUDED.search(text)
        pieces += _elaborated(rest[1]) if rest else []
    yield from filter(None, map(_title, pieces))


def _pieces(text: str) -> list[str]:
    """Part an enumeration; "a and b" stays whole where one side is a single word or the two belong together."""
    parts = [
        part for part in re.split(r"\s*(?:[;•\n]|,(?!\d)|\s/\s)\s*(?:and\s+|as well as\s+)?", text) if part.strip(" .")
    ]
    if len(parts) >= 2:
        *first, last = parts
        both = _AND.split(last, maxsplit=1)
        return [*first, *(both if len(both) == 2 and len(parts) == 2 and _are_two(*both) else [last])]
    both = _AND.split(text, maxsplit=1)
    return both if len(both) == 2 and _are_two(*both) else [text]


def _elaborated(text: str) -> list[str]:
    """Part what explains a topic: "routes and a shared calendar" are two things, "democracy and protests" one."""
    return re.split(r"\s*[,;]?\s+(?:and|as well as) (?=(?:a|an|the)\s)|\s*;\s*", text)


def _are_two(one: str, other: str) -> bool:
    return (
        len(one.split()) >= 2
        and len(other.split()) >= 2
        and not re.search(r"\b(?:between|of|both|for)\b[^,]*$", one, re.I)
    )


def _title(text: str) -> str:
    bare = _LEADING.sub("", text.strip(" .,:;\"“”'–—-"))
    bare = re.sub(
        r"\s+(?:were|was|are|have been) (?:also )?(?:discussed|addressed|presented|shared|highlighted)\b.*$",
        "",
        bare,
        flags=re.I,
    ).strip(" .,:;\"“”'–—-")
    words = bare.split()
    if (
        not 1 <= len(words) <= 25
        or len(bare) < 4
        or len(bare) > LONGEST_TOPIC
        or set(map(str.lower, words)) <= _GROUP_WORDS | _FILLERS
    ):
        return ""
    return bare[0].upper() + bare[1:]
