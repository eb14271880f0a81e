"""Documents and photos, of a meeting or of the network."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.files import check_document, document_path
from meetings.models.audience import Audience, meant_for
from meetings.models.meetings import Meeting
from meetings.models.news import NewsItem
from meetings.models.sessions import Session
from members.history.actor import current_writer
from members.models import Fact, Organisation
from members.names import search_text
from members.pictures import PictureField
from members.rights import organisations_of
from members.words import with_every_word

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User
    from workinggroups.models import WorkingGroup


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
        """What is meant for the user among the network's documents, and those of the meetings that the user may see.

        An organisation always reads what it handed in.
        """
        readable = meant_for(user)
        if user.is_authenticated and not user.is_staff:
            readable |= Q(handed_in_by__in=organisations_of(user))
        return self.filter(readable, Q(meeting__isnull=True) | Q(meeting__in=Meeting.objects.visible_to(user)))

    def handed_in_for(self, user: "User | AnonymousUser") -> "DocumentQuerySet":
        """Keep those that organisations handed in for which somebody speaks today."""
        return self.filter(handed_in_by__in=organisations_of(user))

    def wishing_to_be_public(self) -> "DocumentQuerySet":
        """Keep those whose organisation wishes them to be public, while the secretariat has not said so."""
        return self.filter(wished_audience=Audience.PUBLIC).exclude(audience=Audience.PUBLIC)

    def of_group(self, group: "WorkingGroup") -> "DocumentQuerySet":
        """Keep those of a group's sessions, and those for the whole of a meeting at which it had one."""
        sessions = Session.working_groups.through.objects.filter(workinggroup=group).order_by()
        whole = Q(session__isnull=True, meeting__in=sessions.values("session__meeting"))
        return self.filter(whole | Q(session__in=sessions.values("session")))

    def newest_first(self) -> "DocumentQuerySet":
        """Annotate `newest_on`: the day of the newest version, else the document's own or its meeting's; in that order."""
        versions = DocumentVersion.objects.filter(document=OuterRef("pk"), uploaded_at__isnull=False)
        uploaded = versions.order_by("-number").annotate(day=TruncDate("uploaded_at")).values("day")[:1]
        newest = Coalesce(Subquery(uploaded), F("dated"), F("meeting__start_on"))
        return self.annotate(newest_on=newest).order_by(F("newest_on").desc(nulls_last=True), "-pk")

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
    session = models.ForeignKey(
        Session, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("session"), related_name="documents",
        help_text=_("Where it was or will be presented; a session of the meeting above."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind, default=DocumentKind.OTHER)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=8, default="en", help_text=_("Its code, as in “en” or “bg”."))
    dated = models.DateField(_("dated"), null=True, blank=True)
    file = models.FileField(
        _("file"), upload_to=document_path, validators=[check_document], blank=True, max_length=200, db_index=True
    )
    url = models.URLField(_("address elsewhere"), blank=True, max_length=600)
    audience = models.CharField(
        _("audience"),
        max_length=12,
        choices=Audience,
        default=Audience.PUBLIC,
        help_text=_("Who reads it, in all its versions. What is not for everybody is shown nowhere in public."),
    )
    handed_in_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("handed in by"), related_name="handed_in_documents"
    )  # fmt: skip
    handed_in_through = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("account"), related_name="+"
    )  # fmt: skip
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True, editable=False)
    wished_audience = models.CharField(
        _("wished audience"), max_length=12, blank=True, choices=[("public", _("everybody"))],
        help_text=_("Its organisation would like everybody to read it: choose the audience above, or empty this to say no."),
    )  # fmt: skip
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
            models.CheckConstraint(
                name="document_audience_known",
                condition=Q(audience__in=Audience.values),
                violation_error_message=_("Choose for whom the document is meant."),
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
            models.CheckConstraint(
                name="document_session_of_a_meeting",
                condition=Q(session__isnull=True) | Q(meeting__isnull=False),
                violation_error_message=_("A document for a session is one of its meeting: name the meeting as well."),
            ),
            models.CheckConstraint(
                name="document_handed_in_by_somebody",
                condition=Q(handed_in_through__isnull=True, handed_in_at__isnull=True)
                | Q(handed_in_by__isnull=False, handed_in_through__isnull=False, handed_in_at__isnull=False),
                violation_error_message=_("Who handed a document in did so for an organisation, at some time."),
            ),
            models.CheckConstraint(
                name="document_wish_is_for_everybody",
                condition=Q(wished_audience__in=["", "public"]),
                violation_error_message=_("The only audience to wish for is everybody."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive_search()
        super().save(*args, **kwargs)
        if self.file:
            self._keep_version()

    def clean(self) -> None:
        """The session is one of the meeting. Raises ValidationError if it is another's."""
        super().clean()
        if self.session and self.session.meeting_id != self.meeting_id:
            raise ValidationError({"session": _("This session belongs to another meeting.")})

    def _keep_version(self) -> None:
        """Number the file among the document's versions, unless it is the newest of them already."""
        newest = self.versions.order_by("-number").first()
        if newest is None or newest.file.name != self.file.name:
            number = newest.number + 1 if newest else 1
            by = current_writer().known_user()
            DocumentVersion.objects.create(
                document=self, number=number, file=self.file.name, uploaded_at=timezone.now(), uploaded_by=by
            )

    def derive_search(self) -> None:
        """Fold what the document is searched by; for `bulk_create`, which calls no `save`."""
        self.search = search_text(self.title)[:400]

    @property
    def address(self) -> str:
        """Where it can be read: here, elsewhere, or "" where only its mention is known."""
        return self.file.url if self.file else self.url

    @property
    def current_version(self) -> "DocumentVersion | None":
        """The version that its file is; None for one kept elsewhere. Asks no query where `versions` was prefetched."""
        return next((version for version in self.versions.all() if self.file and version.file == self.file), None)

    @property
    def former_versions(self) -> "list[DocumentVersion]":
        """What it was before, the newest first. Asks no query where `versions` was prefetched."""
        current = self.current_version
        return [version for version in self.versions.all() if version.file and version != current]


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DocumentVersionQuerySet":
        """Every version of the documents that the user may see."""
        return self.filter(document__in=Document.objects.visible_to(user).order_by())


class DocumentVersion(models.Model):
    """A file that a document is or was, numbered in the order of upload."""

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, verbose_name=_("document"), related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    file = models.FileField(
        _("file"), upload_to=document_path, validators=[check_document], blank=True, max_length=200, db_index=True,
        help_text=_("Empty where the document was deleted with its files, and brought back without them."),
    )  # fmt: skip
    uploaded_at = models.DateTimeField(
        _("uploaded"), null=True, blank=True, help_text=_("Empty where it was uploaded before versions were kept.")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("uploaded by"), related_name="+"
    )  # fmt: skip
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("What is new in it. Shown to whoever reads the document.")
    )

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["document", "-number"]
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "number"],
                name="document_version_numbered_once",
                violation_error_message=_("This document has a version of this number already."),
            ),
            models.CheckConstraint(
                name="document_versions_count_from_one",
                condition=Q(number__gte=1),
                violation_error_message=_("Versions are numbered from 1."),
            ),
            models.CheckConstraint(
                name="document_version_uploaded_at_some_time",
                condition=Q(uploaded_at__isnull=False) | Q(uploaded_by__isnull=True),
                violation_error_message=_("Who uploaded a version did so at some time: give it."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.document} · {self.number}"


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
