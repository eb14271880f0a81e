"""News: what the network tells and is no meeting: visits, statements, calls."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import Meeting
from meetings.texts import plain_text, sanitise
from members.models import Organisation, Source
from members.names import search_text
from members.rights import organisations_of
from members.words import with_every_word
from workinggroups.rights import groups_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

WORDS_OF_GIST = 40


class NewsKind(models.TextChoices):
    NEWS = "news", _("news")
    VISIT = "visit", _("visit")
    STATEMENT = "statement", _("statement")
    CALL = "call", _("call")


class NewsQuerySet(models.QuerySet["NewsItem"]):
    def visible_to(self, user: "User | AnonymousUser") -> "NewsQuerySet":
        """Staff see every item, everybody else those whose day of publication has come (in the secretariat's zone)."""
        return self if user.is_staff else self.published(timezone.localdate())

    def published(self, day: dt.date) -> "NewsQuerySet":
        """Keep the items whose day of publication has come by a day."""
        return self.filter(published_on__lte=day)

    def waiting(self, day: dt.date) -> "NewsQuerySet":
        """Keep the items that wait for a day of publication after a day."""
        return self.filter(published_on__gt=day)

    def drafts(self) -> "NewsQuerySet":
        """Keep the items that have no day of publication."""
        return self.filter(published_on__isnull=True)

    def about(self, organisation: Organisation) -> "NewsQuerySet":
        """Keep the items that speak of an organisation."""
        return self.filter(organisations=organisation)

    def concerning(self, user: "User | AnonymousUser") -> "NewsQuerySet":
        """Keep the items that speak of an organisation of somebody's, or of a meeting of a group in which they sit."""
        from meetings.models.sessions import Session  # sessions need groups, news does not

        speaking = NewsItem.organisations.through.objects.filter(organisation__in=organisations_of(user)).order_by()
        met = Session.working_groups.through.objects.filter(workinggroup__in=groups_of(user)).order_by()
        return self.filter(Q(pk__in=speaking.values("newsitem")) | Q(meeting__in=met.values("session__meeting")))

    def with_lines(self, user: "User | AnonymousUser") -> "NewsQuerySet":
        """Fetch what a line of a list shows: whom the item speaks of, and its first picture, alone in `pictures`."""
        from meetings.models.materials import Photo  # photos need news first

        spoken_of = Organisation.objects.visible_to(user).only("name", "slug", "kind")
        pictures = Photo.objects.all()[:1]  # who may see the item may see its pictures
        return self.defer("search").prefetch_related(
            Prefetch("organisations", spoken_of), Prefetch("photos", pictures, to_attr="pictures")
        )

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

    @property
    def is_waiting(self) -> bool:
        """Whether its day of publication is yet to come."""
        return self.published_on is not None and self.published_on > timezone.localdate()

    @property
    def gist(self) -> str:
        """The summary; without one, how the text begins."""
        return self.summary or Truncator(plain_text(self.text)).words(WORDS_OF_GIST)

    @property
    def published_at(self) -> dt.datetime | None:
        """The moment from which everybody may see it: midnight in the secretariat's zone; None for a draft."""
        return timezone.make_aware(dt.datetime.combine(self.published_on, dt.time.min)) if self.published_on else None

    @property
    def updated_at(self) -> dt.datetime:
        """When what the public sees of it last changed: it was published, or edited later."""
        return max(self.changed_at, self.published_at or self.changed_at)
