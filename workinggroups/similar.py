"""Topics whose titles resemble one that somebody is about to propose."""

from difflib import SequenceMatcher

from members.names import fold_loosely, search_text
from members.rights import Visitor
from workinggroups.models import Topic, WorkingGroup

MOST = 5
ALIKE = 0.72
SHORTEST_WORD = 4


def similar_topics(user: Visitor, group: WorkingGroup, title: str) -> list[Topic]:
    """Give the topics of a group that a visitor may see whose titles resemble a title, the closest first; one query.

    Titles resemble each other when they sound alike in any script, or share half of their longer words.
    """
    topics = Topic.objects.visible_to(user).filter(group=group)
    weighed = [(likeness(title, topic.title), topic) for topic in topics]
    close = [pair for pair in weighed if pair[0] >= ALIKE]
    return [topic for _weight, topic in sorted(close, key=lambda pair: (-pair[0], pair[1].title))[:MOST]]


def likeness(one: str, other: str) -> float:
    """Say from 0 to 1 how alike two titles are."""
    sound = SequenceMatcher(None, fold_loosely(one), fold_loosely(other)).ratio()
    words, others = _words(one), _words(other)
    shared = len(words & others) / min(len(words), len(others)) if words and others else 0.0
    return max(sound, ALIKE + (1 - ALIKE) * shared if shared >= 0.5 else 0.0)


def _words(text: str) -> set[str]:
    return {word for word in search_text(text).split() if len(word) >= SHORTEST_WORD}
