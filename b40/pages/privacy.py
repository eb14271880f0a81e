"""What this site holds about people, in plain words."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from b40.privacy.retention import RULES
from meetings.inviting.letters import secretariat


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is held, why, for how long, who sees it, and what people may ask."""
    context = {
        "kept": [(rule.what, settings.RETENTION[rule.key]) for rule in RULES if settings.RETENTION[rule.key]],
        "secretariat": secretariat(),
    }
    return TemplateResponse(request, "b40/privacy.html", context)
