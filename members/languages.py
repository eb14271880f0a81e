"""Languages by their codes, in words."""

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _


def language_name(code: str) -> str:
    """Give the name of a language, as "Bulgarian" for "bg"; a code that nobody knows is given back in capitals."""
    own = {"cnr": _("Montenegrin"), "rup": _("Aromanian"), "rom": _("Romani"), "he": _("Hebrew"), "lad": _("Ladino")}
    if code in own:
        return own[code]
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code.upper()
