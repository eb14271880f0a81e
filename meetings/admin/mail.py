"""Mailings and their letters: looked at before they leave, released, held back, sent again. The rules are the actions'."""

from typing import Any, ClassVar, cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from meetings import mail
from meetings.admin.looking import LookedAtAdmin
from meetings.admin.mail_context import letter_context, mailing_context, notices
from meetings.admin.mail_steps import STEPS, Step
from meetings.mail.composing import ATTACHMENT
from meetings.models import Letter, LetterState, Mailing, MailingState
from meetings.permissions import may_send_mail
from members.models import User

# A letter's markup is shown as mail programs show it: its own styles, no scripts, nothing fetched from elsewhere.
PREVIEW_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


class StateFilter(admin.SimpleListFilter):
    """By what the dates say."""

    title = _("state")
    parameter_name = "state"
    states: ClassVar[Any]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.states.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() in self.states.values else queryset


class MailingStateFilter(StateFilter):
    states = MailingState


class LetterStateFilter(StateFilter):
    states = LetterState


class MailAdmin(LookedAtAdmin):
    """What the pages of mailings and of letters share."""

    opts: Any
    admin_site: Any

    def _pages(self, pages: dict[str, Any]) -> list[Any]:
        """Give the addresses of further pages of one record, each by its name."""
        place = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path(f"<int:pk>/{ending}", wrap(view), name=f"{place}_{ending.partition('/')[0].partition('.')[0]}")
            for ending, view in pages.items()
        ]

    def _opened(self, request: HttpRequest, pk: Any) -> Any:
        """Find the record that an address names, for those who may see it."""
        found = self.get_object(request, str(pk))  # type: ignore[attr-defined]
        if not self.has_view_permission(request, found):  # type: ignore[attr-defined]
            raise PermissionDenied
        if found is None:
            raise Http404
        return found

    def _answer(self, request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural,
            "may_send": may_send_mail(request.user),
        }
        return TemplateResponse(request, template, {**context, **more})


@admin.register(Mailing)
class MailingAdmin(MailAdmin, admin.ModelAdmin[Mailing]):
    actions = None
    list_display = ("title", "progress", "people", "sent", "failed", "kind", "prepared_at")
    list_filter: ClassVar = [MailingStateFilter, "kind"]
    search_fields = ("title",)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_progress().select_related("meeting", "prepared_by", "released_by", "paused_by")

    def get_urls(self) -> list[Any]:
        """Add the pages that ask before something is done."""
        return [*self._pages({"step/<slug:name>/": self.step_view}), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Head the list with what it lists."""
        return super().changelist_view(request, {"title": _("Mailings"), **(extra_context or {})})

    @admin.display(description=_("state"))
    def progress(self, mailing: Mailing) -> str:
        return mailing.get_state_display()

    @admin.display(description=_("persons"))
    def people(self, mailing: Any) -> int:
        return int(mailing.people)

    @admin.display(description=_("sent"))
    def sent(self, mailing: Any) -> int:
        return int(mailing.sent)

    @admin.display(description=_("failed"))
    def failed(self, mailing: Any) -> int:
        return int(mailing.failed)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """Show a mailing: how far it is, and to whom it goes."""
        mailing = self._opened(request, object_id)
        steps = [step for step in STEPS if step.is_offered(mailing)]
        context = mailing_context(request, mailing)
        return self._answer(request, "admin/mail_mailing.html", mailing.title, steps=steps, **context)

    def step_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Say what a step would do, and how many persons it writes to; on POST do it."""
        mailing = self._opened(request, pk)
        step = next((step for step in STEPS if step.name == name), None)
        if step is None:
            raise Http404
        if not may_send_mail(request.user):
            raise PermissionDenied
        if request.method == "POST":
            self._do(request, mailing, step)
            return HttpResponseRedirect(reverse("admin:meetings_mailing_change", args=[pk]))
        context = {"question": step.question(mailing), "button": step.button, "notices": notices(mailing)}
        return self._answer(request, "admin/mail_confirm.html", step.title, mailing=mailing, subject=mailing, **context)

    def _do(self, request: HttpRequest, mailing: Mailing, step: Step) -> None:
        try:
            step.act(mailing, by=cast(User, request.user))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, step.done)


@admin.register(Letter)
class LetterAdmin(MailAdmin, admin.ModelAdmin[Letter]):
    actions = None
    list_display = ("address", "name", "organisation", "mailing", "progress", "sent_at")
    list_filter: ClassVar = [LetterStateFilter]
    search_fields = ("address", "name", "organisation__name")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_state().select_related("organisation", "mailing", "mandate__person")

    def get_urls(self) -> list[Any]:
        """Add what the page of a letter shows and offers."""
        pages = {"html/": self.html_view, ATTACHMENT: self.calendar_view, "again/": self.again_view}
        return [*self._pages(pages), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Head the list with what it lists."""
        return super().changelist_view(request, {"title": _("Letters"), **(extra_context or {})})

    @admin.display(description=_("state"))
    def progress(self, letter: Letter) -> str:
        return letter.get_state_display()

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """Show a letter as the person will see it."""
        letter = self._opened(request, object_id)
        return self._answer(request, "admin/mail_letter.html", letter.subject, **letter_context(letter))

    @method_decorator([xframe_options_sameorigin, csp_replace(PREVIEW_POLICY)])
    def html_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a letter's markup, for the frame on its page."""
        return HttpResponse(self._opened(request, pk).html)

    def calendar_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a letter's calendar entry as the file that is attached."""
        letter = self._opened(request, pk)
        if not letter.calendar:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="{ATTACHMENT}"'}
        return HttpResponse(letter.calendar.encode(), content_type="text/calendar; charset=utf-8", headers=headers)

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether one letter shall be sent again; on POST do it."""
        letter = self._opened(request, pk)
        if not may_send_mail(request.user):
            raise PermissionDenied
        if request.method == "POST":
            return HttpResponseRedirect(self._repeated(request, letter))
        question = gettext("1 person will be written to: %(address)s.") % {"address": letter.address_now}
        context = {"question": question, "button": _("Send again"), "notices": notices(letter.mailing)}
        title = gettext("Send this letter again?")
        return self._answer(
            request, "admin/mail_confirm.html", title, mailing=letter.mailing, subject=letter, **context
        )

    def _repeated(self, request: HttpRequest, letter: Letter) -> str:
        """Send a letter again, or say why not; give the page to go on with."""
        try:
            letter = mail.send_again(letter, by=cast(User, request.user))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, gettext("The letter is on its way again."))
        return reverse("admin:meetings_letter_change", args=[letter.pk])
