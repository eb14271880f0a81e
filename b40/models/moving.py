"""What moved in from the WordPress site, and addresses that must not die."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting, NewsItem
from members.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class OldAddress(models.Model):
    """An address that once led to what now stands elsewhere: a post of the former site, or a record merged into another.

    `path` begins with a slash and bears the query where that told posts apart ("/v2/?p=12").
    """

    path = models.CharField(
        _("old address"),
        max_length=600,
        unique=True,
        error_messages={"unique": _("This old address leads somewhere already.")},
        help_text=_("From the first slash on, as in “/v2/first-meeting/”."),
    )
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("meeting"), related_name="+"
    )
    news_item = models.ForeignKey(
        NewsItem, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("news item"), related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("organisation"), related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["path"]
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="old_address_leads_to_one_page",
                condition=Q(meeting__isnull=False, news_item__isnull=True, organisation__isnull=True)
                | Q(meeting__isnull=True, news_item__isnull=False, organisation__isnull=True)
                | Q(meeting__isnull=True, news_item__isnull=True, organisation__isnull=False),
                violation_error_message=_("An old address leads to one meeting, one piece of news or one organisation."),
            ),
            models.CheckConstraint(
                name="old_address_is_a_path",
                condition=Q(path__startswith="/"),
                violation_error_message=_("Write the old address from its first slash on, without https:// and host."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.path

    def target_for(self, user: "User | AnonymousUser") -> str | None:
        """Give the address of the page it leads to now, None when that page is not for this visitor."""
        for model, key in (
            (Meeting, self.meeting_id),
            (NewsItem, self.news_item_id),
            (Organisation, self.organisation_id),
        ):
            found: Any = model.objects.visible_to(user).filter(pk=key).first() if key else None
            if found:
                return str(found.get_absolute_url())
        return None


class ImportedPost(models.Model):
    """One post of the WordPress site: what it says, and what was made of it.

    `found` holds what was recognised, each fact with the sentence that it came from, as `b40.moving.finding` writes it.
    """

    site = models.CharField(_("site"), max_length=200, help_text=_("Host and folder, as in “b40network.org/v2”."))
    post_id = models.PositiveBigIntegerField(_("number of the post"))
    link = models.URLField(_("address"), max_length=600, blank=True)
    title = models.CharField(_("title"), max_length=300)
    posted_on = models.DateField(_("posted on"), null=True, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    found = models.JSONField(_("what was recognised"), default=dict)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("meeting"), related_name="+"
    )
    news_item = models.ForeignKey(
        NewsItem, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("news item"), related_name="+"
    )
    made_at = models.DateTimeField(_("draft made"), null=True, blank=True)
    made_version = models.PositiveBigIntegerField(default=0, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("confirmed by"), related_name="+"
    )  # fmt: skip
    imported_at = models.DateTimeField(_("imported"), auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-posted_on", "-pk"]
        verbose_name = _("imported post")
        verbose_name_plural = _("imported posts")
        default_permissions = ("add", "change", "view")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "post_id"],
                name="imported_post_once",
                violation_error_message=_("This post was imported already."),
            ),
            models.CheckConstraint(
                name="imported_post_is_meeting_or_news",
                condition=Q(meeting__isnull=True) | Q(news_item__isnull=True),
                violation_error_message=_("A post became a meeting or a piece of news, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def target(self) -> Meeting | NewsItem | None:
        """The meeting or the piece of news that it became."""
        return self.meeting or self.news_item
