"""Papers as PDF, set by Typst from a template and data. The fonts are the site's own, with all letters of the region."""

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

TEMPLATES = Path(__file__).parent / "typeset"
FONTS = Path(settings.BASE_DIR) / "static" / "fonts"


def write_pdf(template: str, data: dict[str, Any]) -> bytes:
    """Set a paper. Takes the name of a template in `typeset` and what it says, as JSON would carry it.

    The text of the data is never read as markup. Tagged for screen readers (PDF/UA-1).
    """
    common = {"network": _("B40 Balkan Cities Network"), "language": get_language() or "en", "made": _made()}
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({**common, **data}, ensure_ascii=False)},
        pdf_standards="ua-1",
    )


def _made() -> str:
    return _("made on %(day)s") % {"day": date_format(timezone.localdate(), "j F Y")}
