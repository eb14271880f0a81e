"""What robots may read: everything public, but neither the admin, nor accounts, nor endless searches."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Answer with robots.txt (RFC 9309), which names the sitemap.

    Search pages say "noindex" themselves, so they must stay readable.
    """
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Disallow: {reverse('my:home')}",
        f"Disallow: {reverse('account_login').removesuffix('login/')}",
        "Allow: /",
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
