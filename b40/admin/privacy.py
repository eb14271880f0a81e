"""Who asks to be erased, and what people agreed to. What erasing does and refuses is `b40.privacy`'s."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b40.privacy.erasing import erase_person
from b40.privacy.subject import TRACES, subject_of
from meetings.admin.looking import LookedAtAdmin
from members.consenting import refusal_to_erase, refuse_erasure
from members.models import Consent, ErasureRequest, User

NAMESAKE = gettext_lazy(
    "Somebody else on record has the same name, so texts were left as they are: search for it, and change by hand "
    "what means the person who was erased."
)


@admin.register(Consent)
class ConsentAdmin(LookedAtAdmin, admin.ModelAdmin[Consent]):
    list_display = ("person", "purpose", "text_version", "given_at", "withdrawn_at")
    list_select_related = ("person",)
    search_fields = ("person__name",)
    fields = ("person", "purpose", "text_version", "given_at", "withdrawn_at")
    ordering = ("-pk",)


@admin.register(ErasureRequest)
class ErasureRequestAdmin(LookedAtAdmin, admin.ModelAdmin[ErasureRequest]):
    """Each request on a page that says what erasing would do, with a button for it and one for refusing."""

    actions = None
    list_display = ("person", "asked_at", "decided_at", "decided_by", "refusal")
    list_select_related = ("person", "decided_by")
    list_filter: ClassVar = [("decided_at", admin.EmptyFieldListFilter)]
    search_fields = ("person__name",)
    ordering = ("-pk",)

    def get_urls(self) -> list[Any]:
        """Add what is done with a request."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/erase/", wrap(self.erase_view), name="members_erasurerequest_erase"),
            path("<int:pk>/refuse/", wrap(self.refuse_view), name="members_erasurerequest_refuse"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """Show who asks, what erasing would replace, and why it may be refused."""
        asked = self._opened(request, object_id)
        subject = subject_of(asked.person)
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(name)s asks to be erased") % {"name": asked.person},
            "opts": self.opts,
            "asked": asked,
            "held": [
                (capfirst(trace.model._meta.verbose_name_plural), number)
                for trace in TRACES
                if (number := len(list(trace.rows(subject))))
            ],
            "refusal": refusal_to_erase(asked.person),
            "may_decide": self._may_decide(request),
        }
        return TemplateResponse(request, "admin/erasure.html", context)

    def erase_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Erase who asked; by POST alone."""
        asked = self._to_decide(request, pk)
        try:
            done = erase_person(asked.person, by=cast(User, request.user))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Erased: names and addresses stand nowhere any more."))
            if done.is_common_name:
                messages.warning(request, NAMESAKE)
        return HttpResponseRedirect(reverse("admin:members_erasurerequest_change", args=[pk]))

    def refuse_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Refuse, with the reason that was typed; by POST alone."""
        asked = self._to_decide(request, pk)
        try:
            refuse_erasure(asked, by=cast(User, request.user), reason=request.POST.get("reason", ""))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Refused: the reason stands on their page."))
        return HttpResponseRedirect(reverse("admin:members_erasurerequest_change", args=[pk]))

    def _may_decide(self, request: HttpRequest) -> bool:
        return cast(User, request.user).has_perm("members.change_erasurerequest")

    def _to_decide(self, request: HttpRequest, pk: int) -> ErasureRequest:
        if request.method != "POST" or not self._may_decide(request):
            raise PermissionDenied
        return self._opened(request, str(pk))

    def _opened(self, request: HttpRequest, pk: str) -> ErasureRequest:
        found = self.get_object(request, pk)
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        if found is None:
            raise Http404
        return found
