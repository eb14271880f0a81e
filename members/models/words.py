"""The words by which records are found: an index that SQLite and PostgreSQL answer alike."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

GREATEST_WORD = 40


class SearchWordQuerySet(models.QuerySet["SearchWord"]):
    def beginning(self, word: str) -> "SearchWordQuerySet":
        """Keep the words that begin so. Takes a folded word: ASCII letters and digits, of which "z" sorts last anywhere."""
        start = word[:GREATEST_WORD]
        return self.filter(word__gte=start, word__lte=start + "z" * (GREATEST_WORD + 1 - len(start)))


class SearchWord(models.Model):
    """One word of one record, folded as by `members.names.search_text`. `members.words` keeps these in step."""

    kind = models.CharField(max_length=60)  # of the record found, as in "members.organisation"
    word = models.CharField(max_length=GREATEST_WORD)
    object_id = models.BigIntegerField()
    part = models.CharField(
        max_length=90, blank=True
    )  # the name or other part that bears the word; empty: the record itself

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "word", "object_id", "part"],
                name="search_word_once_a_part",
                violation_error_message=_("This word is in the index already."),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "object_id", "part"], name="search_words_of_record")]

    def __str__(self) -> str:
        return f"{self.word} ({self.kind}:{self.object_id})"
