"""The application as the benchmark serves it: with the empty view beside the site."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b40.settings")

from django.conf import settings

settings.ROOT_URLCONF = "tests.bench.urls"

from django.core.wsgi import get_wsgi_application  # noqa: E402  after the addresses are set

application = get_wsgi_application()
