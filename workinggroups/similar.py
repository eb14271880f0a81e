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

    Titles resemble each other when they sound alike in any script, or share most of their longer words.
    """
    topics = Topic.objects.visible_to(user).filter(group=group)
    weighed = [(likeness(title, topic.title), topic) for topic in topics]
    close = [pair for pair in weighed if pair[0] >= ALIKE]
    return [topic for _weight, topic in sorted(close, key=lambda pair: (-pair[0], pair[1].title))[:MOST]]


def likeness(one: str, other: str) -> float:
    """Say from 0 to 1 how alike two titles are."""
    sound = SequenceMatcher(None, fold_loosely(one), fold_loosely(other)).ratio()
    words, others = _words(one), _words(other)
    shared, fewest = len(words & others), min(len(words), len(others))
    is_shared = shared > 0 and (shared == fewest or (shared > 1 and 2 * shared >= fewest))
    return max(sound, ALIKE + (1 - ALIKE) * shared / fewest if is_shared else 0.0)


def _words(text: str) -> set[str]:
    return {word for word in search_text(text).split() if len(word) >= SHORTEST_WORD}
