"""Documents and photos, of a meeting or of the network."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.files import check_document, document_path
from meetings.models.meetings import Meeting
from meetings.models.news import NewsItem
from members.models import Fact
from members.names import search_text
from members.pictures import PictureField
from members.words import with_every_word

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class DocumentKind(models.TextChoices):
    AGENDA = "agenda", _("agenda")
    PRESENTATION = "presentation", _("presentation")
    MINUTES = "minutes", _("minutes")
    DECLARATION = "declaration", _("declaration")
    STATUTE = "statute", _("statute")
    REPORT = "report", _("report")
    FORM = "form", _("form")
    OTHER = "other", _("other")


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DocumentQuerySet":
        """The network's documents, and those of the meetings that the user may see."""
        return self.filter(Q(meeting__isnull=True) | Q(meeting__in=Meeting.objects.visible_to(user)))

    def matching(self, text: str) -> "DocumentQuerySet":
        """Keep those whose title contains every word, in any script."""
        return with_every_word(self, text)


class Document(Fact):
    """A paper: a file kept here, or an address where it stands, or, when neither was found, its mere mention."""

    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("meeting"),
        related_name="documents",
        help_text=_("Empty for a document of the network."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind, default=DocumentKind.OTHER)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=8, default="en", help_text=_("Its code, as in “en” or “bg”."))
    dated = models.DateField(_("dated"), null=True, blank=True)
    file = models.FileField(
        _("file"), upload_to=document_path, validators=[check_document], blank=True, max_length=200, db_index=True
    )
    url = models.URLField(_("address elsewhere"), blank=True, max_length=600)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    search = models.CharField(max_length=400, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["order", "dated", "pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="document_kept_here_or_elsewhere",
                condition=Q(file="") | Q(url=""),
                violation_error_message=_("Upload the file or give its address elsewhere, not both."),
            ),
            models.UniqueConstraint(
                fields=["title"],
                condition=Q(meeting__isnull=True),
                name="document_title_once_for_the_network",
                violation_error_message=_("The network has a document of this title already."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "title"],
                condition=Q(meeting__isnull=False),
                name="document_title_once_a_meeting",
                violation_error_message=_("This meeting has a document of this title already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive_search()
        super().save(*args, **kwargs)

    def derive_search(self) -> None:
        """Fold what the document is searched by; for `bulk_create`, which calls no `save`."""
        self.search = search_text(self.title)[:400]

    @property
    def address(self) -> str:
        """Where it can be read: here, elsewhere, or "" where only its mention is known."""
        return self.file.url if self.file else self.url


class PhotoQuerySet(models.QuerySet["Photo"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PhotoQuerySet":
        """The photos of the meetings and of the news that the user may see."""
        meetings, news = Meeting.objects.visible_to(user), NewsItem.objects.visible_to(user)
        return self.filter(Q(meeting__in=meetings) | Q(news_item__in=news.order_by()))


class Photo(models.Model):
    """A picture of a meeting or of a piece of news."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("meeting"), related_name="photos"
    )
    news_item = models.ForeignKey(
        NewsItem, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("news item"), related_name="photos"
    )
    image = PictureField(_("picture"), upload_to="photos", db_index=True)
    alt = models.CharField(_("what it shows"), max_length=300, help_text=_("For those who cannot see it."))
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["order", "pk"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="photo_of_a_meeting_or_of_news",
                condition=Q(meeting__isnull=False, news_item__isnull=True)
                | Q(meeting__isnull=True, news_item__isnull=False),
                violation_error_message=_("A photo belongs to one meeting or to one piece of news: choose one of the two."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.caption or self.alt
