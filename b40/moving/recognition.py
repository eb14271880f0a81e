"""From a post to what it tells: every fact beside its sentence, nothing invented, what was not understood listed."""

from dataclasses import dataclass
from typing import Any

from b40.moving.days import Days, day_of_occasion
from b40.moving.finding import Fact, Finding
from b40.moving.groups import GroupMention, GroupNames, TopicFound, topics_of
from b40.moving.markup import Block, as_html, blocks_of, media_of, plain
from b40.moving.mentions import Register, is_namesake
from b40.moving.occasion import NEWS, Place, Told, kind_of, mode_of, place_of, presidency_of
from b40.moving.officials import Official, officials_of
from b40.moving.passages import Passage, passages_of
from b40.moving.presence import Presence, find_presence
from b40.moving.reading import Post
from b40.moving.totals import Total, totals_of
from meetings.models import Mode, StatedTotal
from members.models import Organisation, Status

LONGEST_TITLE = 200
LONGEST_SUMMARY = 400


@dataclass(frozen=True)
class Known:
    """What the record knows before a post is read: names of organisations and of working groups."""

    register: Register
    groups: GroupNames

    @classmethod
    def read(cls) -> "Known":
        """Read it once for all posts."""
        return cls(Register.read(), GroupNames())


def recognise(post: Post, known: Known) -> Finding:
    """Read what a post tells.

    Takes a post and the names on record. Gives a Finding; what the post leaves open is None. Raises
    `b40.moving.markup.TooDeep` for markup that nobody wrote.
    """
    title = plain(post.title)[:LONGEST_TITLE]
    blocks = blocks_of(post.content)
    passages = passages_of(title, blocks)
    return _Reading(post, title, blocks, passages, known).finding()


class _Reading:
    """One post being read."""

    def __init__(self, post: Post, title: str, blocks: list[Block], passages: list[Passage], known: Known) -> None:
        self.post, self.title, self.blocks, self.passages, self.known = post, title, blocks, passages, known
        self.officials: list[Official] = officials_of(passages, known.register)
        self.presence: Presence = find_presence(passages, known.register, {each.name for each in self.officials})
        self.days: Days | None
        self.days, self.vague_days = day_of_occasion(passages)
        self.totals: list[Total] = totals_of(passages)
        self.kind: Told = kind_of(
            passages, has_day=bool(self.days or self.vague_days), has_people=bool(self.presence.present or self.totals)
        )
        self.place, self.mode = self._where()
        self.group_mentions = self._groups()
        self.topics: list[TopicFound] = topics_of(passages, known.groups)
        self.presidency = presidency_of(passages, known.register)

    def _where(self) -> tuple[Place | None, Told | None]:
        place = place_of(self.passages, self.known.register)
        mode = mode_of(self.passages, has_place=place is not None)
        if mode is None and place is not None and self.kind.value != NEWS:
            mode = Told(Mode.IN_PERSON, place.sentence)
        return (None if mode and mode.value == Mode.ONLINE else place), mode

    def _groups(self) -> dict[int, tuple[GroupMention, str]]:
        found: dict[int, tuple[GroupMention, str]] = {}
        for passage in self.passages:
            for mention in self.known.groups.mentions(passage.text):
                found.setdefault(mention.group.pk, (mention, passage.text))
        return found

    def finding(self) -> Finding:
        """Put together what was read."""
        return Finding(
            post_id=self.post.post_id,
            title=self.title,
            kind=self.kind.value,
            **self._when_and_where(),
            **self._who(),
            **self._what(),
            doubts=self._doubts(),
            facts=self._facts(),
            unresolved=[doubt["text"] for doubt in self._doubts()],
            media=list(dict.fromkeys([*self.post.featured_media, *media_of(self.post.content, self.post.link)])),
            summary=self._summary(),
            text=as_html([block for block in self.blocks if block.text != self.title]),
        )

    def _when_and_where(self) -> dict[str, Any]:
        return {
            "start_date": _written(self.days) if self.days else None,
            "end_date": self.days.end.isoformat() if self.days and self.days.end else None,
            "mode": self.mode.value if self.mode else None,
            "place": self.place.label if self.place else None,
            "town": self.place.town if self.place else "",
            "venue": self.place.venue if self.place else "",
            "host_city": self.place.host.slug if self.place and self.place.host else None,
        }

    def _who(self) -> dict[str, Any]:
        presence = self.presence
        others = presence.others()
        partners = [each for each in others if self._is_partner(each)]
        return {
            "cities": [city.slug for city in presence.cities()],
            "observers": [each.slug for each in others if each not in partners],
            "partners": [each.slug for each in partners],
            "excused": [each.slug for each, _sentence in presence.missing.values() if each.pk not in presence.present],
            "named": self._named(),
            "presidency_city": self.presidency[0].slug if self.presidency else None,
            "people": [{"name": each.name, "role": each.role} for each in self.officials],
        }

    def _named(self) -> list[str]:
        """Every organisation that the text speaks of, present or not."""
        named = (
            mention.organisation.slug
            for passage in self.passages
            for mention in self.known.register.mentions(passage.text)
            if mention.organisation and not is_namesake(passage.text, mention)
        )
        return list(dict.fromkeys(named))

    def _is_partner(self, organisation: Organisation) -> bool:
        """What the text calls it counts first, then what it is to the network."""
        if organisation.pk in self.presence.observing:
            return False
        if organisation.pk in self.presence.partnering:
            return True
        return getattr(organisation, "status", None) == Status.PARTNER

    def _what(self) -> dict[str, Any]:
        return {
            "working_groups": [mention.group.name for mention, _sentence in self.group_mentions.values()],
            "topics": [{"working_group": each.group.name, "topic": each.title} for each in self.topics],
            "totals": [{"what": each.what, "number": each.number, "bound": each.bound} for each in self.totals],
            "cities_count_stated": self._stated(StatedTotal.What.CITIES),
            "participants_stated": self._stated(StatedTotal.What.PARTICIPANTS),
        }

    def _stated(self, what: str) -> int | None:
        return next((total.number for total in self.totals if total.what == what), None)

    def _doubts(self) -> list[dict[str, str]]:
        """What was seen and not understood, each with its sentence."""
        names = [{"text": text, "sentence": sentence} for text, sentence in self.presence.unresolved.items()]
        days = (
            [{"text": days.text, "sentence": days.sentence} for days in self.vague_days]
            if self.kind.value != NEWS
            else []
        )
        return names + days

    def _summary(self) -> str:
        first = next(
            (p.text for p in self.passages if p.block.kind == "paragraph" and len(p.text) > 40 and not p.is_lead_in), ""
        )
        return first if len(first) <= LONGEST_SUMMARY else f"{first[: LONGEST_SUMMARY - 1].rsplit(' ', 1)[0]}…"

    # --- Beside their sentences --------------------------------------------------------------------------------------

    def _facts(self) -> list[Fact]:
        facts = [Fact("kind", self.kind.value, self.kind.value, self.kind.sentence)]
        if self.days:
            end = self.days.end.isoformat() if self.days.end else None
            facts.append(Fact("days", [_written(self.days), end], self.days.text, self.days.sentence))
        if self.mode:
            facts.append(Fact("mode", self.mode.value, self.mode.value, self.mode.sentence))
        if self.place:
            facts.append(Fact("place", self.place.label, self.place.label, self.place.sentence))
        if self.presidency:
            facts.append(Fact("presidency", self.presidency[0].slug, self.presidency[0].name, self.presidency[1]))
        facts += [Fact("total", each.number, each.text, each.sentence) for each in self.totals]
        facts += [
            Fact("city" if each.is_city else "body", each.slug, each.name, sentence)
            for each, sentence in self.presence.present.values()
        ]
        facts += [Fact("excused", each.slug, each.name, sentence) for each, sentence in self.presence.missing.values()]
        facts += [
            Fact("group", mention.group.slug, mention.group.name, sentence)
            for mention, sentence in self.group_mentions.values()
        ]
        facts += [
            Fact("topic", each.group.slug, f"{each.title} ({each.group.name})", each.sentence) for each in self.topics
        ]
        return facts + [
            Fact("person", each.name, f"{each.name}, {each.role}", each.sentence) for each in self.officials
        ]


def _written(days: Days) -> str | None:
    if days.start is None:
        return None
    return f"{days.start:%Y-%m}" if days.month_only else days.start.isoformat()
