"""News: what the network tells and is no meeting: visits, statements, calls."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import Meeting
from meetings.texts import plain_text, sanitise
from members.models import Organisation, Source
from members.names import search_text
from members.words import with_every_word

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class NewsKind(models.TextChoices):
    NEWS = "news", _("news")
    VISIT = "visit", _("visit")
    STATEMENT = "statement", _("statement")
    CALL = "call", _("call")


class NewsQuerySet(models.QuerySet["NewsItem"]):
    def visible_to(self, user: "User | AnonymousUser") -> "NewsQuerySet":
        """Staff see every item, everybody else those whose day of publication has come (in the secretariat's zone)."""
        return self if user.is_staff else self.filter(published_on__lte=timezone.localdate())

    def about(self, organisation: Organisation) -> "NewsQuerySet":
        """Keep the items that speak of an organisation."""
        return self.filter(organisations=organisation)

    def matching(self, text: str) -> "NewsQuerySet":
        """Keep those whose title, summary or text contains every word, in any script."""
        return with_every_word(self, text)


class NewsItem(models.Model):
    """One piece of news. Without a day of publication it is a draft that staff alone see."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the page's address; it stays when the title changes."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=NewsKind, default=NewsKind.NEWS)
    published_on = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Empty for a draft, which staff alone see; a day to come lets it wait until then."),
    )
    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences for lists and previews."))
    text = models.TextField(
        _("text"), blank=True, help_text=_("Headings, paragraphs, lists, links; other markup is taken out.")
    )
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("meeting it speaks of"), related_name="news"
    )  # fmt: skip
    organisations = models.ManyToManyField(
        Organisation, verbose_name=_("cities and bodies it speaks of"), blank=True, related_name="news"
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    search = models.TextField(editable=False)

    objects = NewsQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = [models.F("published_on").desc(nulls_first=True), "-pk"]
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="news_kind_known",
                condition=Q(kind__in=NewsKind.values),
                violation_error_message=_("Choose news, visit, statement or call."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.text = sanitise(self.text)
        self.derive_search()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("meetings:news_detail", args=[self.slug])

    def derive_search(self) -> None:
        """Fold what the item is searched by; for `bulk_create`, which calls no `save`."""
        self.search = search_text(self.title, self.summary, plain_text(self.text))

    @property
    def is_draft(self) -> bool:
        return self.published_on is None
