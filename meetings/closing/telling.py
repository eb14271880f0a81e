"""The report of a meeting, written from its record alone, in the words of a press release."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.html import escape
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meetings.models import Mode
from members.dates import days_label

Record = dict[str, Any]
KINDS = {
    "summit": gettext_lazy("The summit of the B40 Balkan Cities Network"),
    "board": gettext_lazy("The Executive Board of the B40 Balkan Cities Network"),
}


def write_report(record: Record) -> str:
    """Put a record into words. Takes what `freezing.record_of` gives; gives HTML of headings, paragraphs and lists.

    Says nothing that is not on record: what is empty there has no sentence here.
    """
    parts = [_paragraph(opening(record), attending(record), _guests(record)), *_by_group(record), *_decided(record)]
    return "\n".join(part for part in parts if part)


def opening(record: Record) -> str:
    """Say who met when and where, under which presidency, as in "The working groups … met online on 9 April 2025"."""
    words = {"who": _who(record), "where": _where(record), "when": _when(record)}
    met = _("%(who)s met %(where)s %(when)s") % words
    under = _(" under the presidency of %(city)s") % {"city": record["presidency"]} if record["presidency"] else ""
    motto = _(", with the motto “%(motto)s”") % {"motto": record["motto"]} if record["motto"] else ""
    return f"{met}{under}{motto}."


def attending(record: Record) -> str:
    """Say how many cities came, and which; and which observers and partners."""
    sentences = []
    if record["cities"]:
        number = len(record["cities"])
        came = ngettext("%(number)d city took part: %(names)s.", "%(number)d cities took part: %(names)s.", number)
        sentences.append(came % {"number": number, "names": _names(record["cities"])})
        if record["countries"] > 1:
            sentences.append(_("They came from %(number)d countries.") % {"number": record["countries"]})
    for capacity, words in _CAPACITIES.items():
        bodies = [each for each in record["others"] if each["capacity"] == capacity]
        if bodies:
            sentences.append(str(words) % {"names": _names(bodies)})
    return " ".join(sentences)


_CAPACITIES = {
    "observer": gettext_lazy("Observers: %(names)s."),
    "partner": gettext_lazy("Partners: %(names)s."),
    "guest": gettext_lazy("Also present: %(names)s."),
}


def _who(record: Record) -> str:
    if record["kind"] == "working_groups" and record["groups"]:
        number = len(record["groups"])
        text = ngettext(
            "The working group %(names)s of the B40 Balkan Cities Network",
            "The working groups %(names)s of the B40 Balkan Cities Network",
            number,
        )
        return text % {"names": _list(record["groups"])}
    return str(KINDS.get(record["kind"], _("The B40 Balkan Cities Network")))


def _where(record: Record) -> str:
    place = record["host_city"] or record["place"]
    at = _("in %(place)s") % {"place": place} if place else ""
    venue = _(" (%(venue)s)") % {"venue": record["venue"]} if record["venue"] and place else ""
    if record["mode"] == Mode.ONLINE:
        return _("online")
    if record["mode"] == Mode.HYBRID:
        return _("%(place)s and online") % {"place": f"{at}{venue}" or _("in person")}
    return f"{at}{venue}" or _("in person")


def _when(record: Record) -> str:
    start, end = (dt.date.fromisoformat(day) if day else None for day in (record["start_on"], record["end_on"]))
    if start is None:
        return ""
    days = days_label(start, end, only_month=record["only_month"])
    if record["only_month"]:
        return _("in %(days)s") % {"days": days}
    return _("on %(days)s") % {"days": days}


def _guests(record: Record) -> str:
    return _("Guests: %(names)s.") % {"names": _list(record["guests"])} if record["guests"] else ""


def _by_group(record: Record) -> list[str]:
    """The topics under the groups that they belong to."""
    return [_section(topics["group"], topics["titles"]) for topics in record["topics"] if topics["titles"]]


def _decided(record: Record) -> list[str]:
    return [_section(_("Decided"), record["decisions"])] if record["decisions"] else []


def _section(heading: str, lines: Sequence[str]) -> str:
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h3>{escape(heading)}</h3>\n<ul>{listed}</ul>"


def _paragraph(*sentences: str) -> str:
    return f"<p>{escape(' '.join(sentence for sentence in sentences if sentence))}</p>"


def _names(bodies: Sequence[dict[str, Any]]) -> str:
    return _list([each["name"] for each in bodies])


def _list(names: Sequence[str]) -> str:
    return str(get_text_list(list(names), _("and")))
