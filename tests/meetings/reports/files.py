"""Participant reports as Zoom, Teams and others write them, made from a list of people; the same people give the same bytes.

`python -m tests.meetings.reports.files` writes those in the folder `files` anew; a test compares.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

FOLDER = Path(__file__).parent / "files"
START = dt.datetime(2025, 4, 9, 13, 0)  # local time; 9/4 is a day in September, too


@dataclass(frozen=True)
class Somebody:
    """Somebody in a call: the spans are minutes after the start."""

    name: str
    email: str = ""
    spans: tuple[tuple[int, int], ...] = ((0, 60),)

    @property
    def minutes(self) -> int:
        return sum(end - start for start, end in self.spans)


People = Sequence[Somebody]
CAST = (
    Somebody("Ivan Petrov - Sofia Munic.", "", ((0, 30), (35, 90))),
    Somebody("Град София | Георги Иванов", "", ((2, 80),)),
    Somebody("Şule Işık (İzmir Büyükşehir Belediyesi)", "", ((1, 61),)),
    Somebody("[Θεσσαλονίκη] Μαρία Παπαδοπούλου", "", ((3, 88),)),
    Somebody("Željka Đurić – Nikšić", "", ((5, 60),)),
    Somebody("Skopje_Ana", "", ((0, 90),)),
    Somebody("Nikos Dimitriou", "n.dimitriou@thessaloniki.gr", ((4, 64),)),
    Somebody("Clara Novak", "clara@gmail.com", ((9, 12),)),
)


def moment(minutes: int) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


# --- How times and durations are written -----------------------------------------------------------------------------


def american(at: dt.datetime) -> str:
    return f"{at.month:02}/{at.day:02}/{at.year} {at:%I:%M:%S %p}"


def american_short(at: dt.datetime) -> str:
    return f"{at.month}/{at.day}/{at:%y}, {int(at.strftime('%I'))}:{at:%M:%S %p}"


def american_long(at: dt.datetime) -> str:
    return f"{at:%b} {at.day}, {at.year} {at:%I:%M:%S %p}"


def pointed(at: dt.datetime) -> str:
    return f"{at:%d.%m.%Y %H:%M:%S}"


def iso(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def british(at: dt.datetime) -> str:
    return f"{at:%d/%m/%Y, %H:%M:%S}"


def greek(at: dt.datetime) -> str:
    return f"{at.day}/{at.month}/{at.year}, {int(at.strftime('%I'))}:{at:%M:%S} {'πμ' if at.hour < 12 else 'μμ'}"


def turkish(at: dt.datetime) -> str:
    return f"{at.day}.{at.month:02}.{at.year} {'ÖÖ' if at.hour < 12 else 'ÖS'} {int(at.strftime('%I'))}:{at:%M:%S}"


def bulgarian(at: dt.datetime) -> str:
    return f"{at.day}.{at.month}.{at.year} г., {at:%H:%M:%S} ч."


def spaced(at: dt.datetime) -> str:
    return f"{at.day}. {at.month}. {at.year}. {at:%H:%M:%S}"


def clock(at: dt.datetime) -> str:
    return f"{at:%I:%M %p}"


def units(hour: str, minute: str, second: str = "") -> Callable[[int], str]:
    def written(minutes: int) -> str:
        parts = [
            f"{minutes // 60}{hour}" if minutes >= 60 else "",
            f"{minutes % 60}{minute}",
            f"0{second}" if second else "",
        ]
        return " ".join(filter(None, parts))

    return written


def as_clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


# --- Tables ----------------------------------------------------------------------------------------------------------

Rows = Iterable[Sequence[object]]


def text_of(rows: Rows, delimiter: str = ",", line_end: str = "\r\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return out.getvalue()


def zoom_meeting(people: People) -> bytes:
    yield_rows = [
        ["Meeting ID", "Topic", "Start Time", "End Time", "User Email", "Duration (Minutes)", "Participants"],
        [
            "812 3456 7890",
            "B40 working groups",
            american(START),
            american(moment(95)),
            "b40@example.org",
            95,
            len(people),
        ],
        [],
        [
            "Name (Original Name)",
            "User Email",
            "Join Time",
            "Leave Time",
            "Duration (Minutes)",
            "Guest",
            "Recording Consent",
        ],
    ]
    for one in people:
        for a, b in one.spans:
            yield_rows.append([one.name, one.email, american(moment(a)), american(moment(b)), b - a, "Yes", ""])
    return text_of(yield_rows).encode("utf-8-sig")


def zoom_rows(people: People) -> bytes:
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,In Waiting Room"
    rows = [
        [one.name, one.email, american(moment(a)), american(moment(b)), b - a, "Yes", "", "No"]
        for one in people
        for a, b in one.spans
    ]
    return text_of([head.split(","), *rows], line_end="\n").encode()


def zoom_totals(people: People) -> bytes:
    head = ["Name (Original Name)", "User Email", "Total Duration (Minutes)", "Guest"]
    return text_of([head, *([one.name, one.email, one.minutes, "Yes"] for one in people)]).encode("utf-8-sig")


def zoom_turkish(people: People) -> bytes:
    head = "Ad (Orijinal Ad);Kullanıcı E-postası;Katılma Zamanı;Ayrılma Zamanı;Süre (Dakika);Konuk"
    rows = [
        [one.name, one.email, turkish(moment(a)), turkish(moment(b)), b - a, "Evet"]
        for one in people
        for a, b in one.spans
    ]
    return text_of([head.split(";"), *rows], ";").encode("cp1254")


def zoom_webinar(people: People) -> bytes:
    half = len(people) // 2
    panel = "Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name"
    wide = "Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,"
    wide += "Approval Status,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name"
    rows: list[Sequence[object]] = [
        ["Attendee Report"],
        ["Report Generated:", american_long(moment(300))],
        ["Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)", "# Registered"],
        ["B40 webinar", "812 3456 7890", american_long(START), 95, 9],
        ["Panelist Details"],
        panel.split(","),
    ]
    for one in people[:half]:
        rows += [
            ["Yes", one.name, one.email, american_long(moment(a)), american_long(moment(b)), b - a, "Yes", "Bulgaria"]
            for a, b in one.spans
        ]
    rows += [["Attendee Details"], wide.split(",")]
    for one in people[half:]:
        first = [
            one.name,
            one.name.split()[0],
            one.name.split()[-1],
            one.email,
            american_long(moment(-3000)),
            "approved",
        ]
        rows += [
            ["Yes", *first, american_long(moment(a)), american_long(moment(b)), b - a, "Yes", "Bulgaria"]
            for a, b in one.spans
        ]
    rows.append(
        [
            "No",
            "Nobody Came - Plovdiv",
            "Nobody",
            "Came",
            "no@example.org",
            american_long(moment(-3000)),
            "approved",
            "--",
            "--",
            "--",
            "",
        ]
    )
    return text_of(rows).encode()


def teams_legacy(people: People) -> bytes:
    moves = [
        (at, one.name, word)
        for one in people
        for span in one.spans
        for at, word in zip(span, ("Joined", "Left"), strict=True)
    ]
    rows = [[name, word, american_short(moment(at))] for at, name, word in sorted(moves, key=lambda move: move[0])]
    return text_of([["Full Name", "User Action", "Timestamp"], *rows], "\t").encode("utf-16")


def teams_2021(people: People) -> bytes:
    preface = [
        ["Meeting Summary"],
        ["Total Number of Participants", len(people)],
        ["Meeting Title", "B40 working groups"],
        ["Meeting Start Time", american_short(START)],
        ["Meeting End Time", american_short(moment(95))],
        [],
    ]
    head = ["Full Name", "Join Time", "Leave Time", "Duration", "Email", "Role", "Participant ID (UPN)"]
    span = units("h", "m", "s")
    rows = [
        [one.name, american_short(moment(a)), american_short(moment(b)), span(b - a), one.email, "Attendee", one.email]
        for one in people
        for a, b in one.spans
    ]
    return text_of([*preface, head, *rows], "\t").encode("utf-16")


@dataclass(frozen=True)
class TeamsWords:
    """The words of one language in the numbered report of Teams."""

    summary: str
    title: str
    starts: str
    participants: str
    activities: str
    first: str
    visits: str
    role: str


ENGLISH = TeamsWords(
    "Summary", "Meeting title", "Start time", "Participants", "In-Meeting Activities",
    "Name|First Join|Last Leave|In-Meeting Duration|Email|Participant ID (UPN)|Role", "Name|Join Time|Leave Time|Duration|Email|Role", "Presenter",
)  # fmt: skip
GREEK = TeamsWords(
    "Σύνοψη", "Τίτλος σύσκεψης", "Ώρα έναρξης", "Συμμετέχοντες", "Δραστηριότητες",
    "Όνομα|Πρώτη συμμετοχή|Τελευταία αποχώρηση|Διάρκεια σύσκεψης|Ηλεκτρονικό ταχυδρομείο|Αναγνωριστικό|Ρόλος",
    "Όνομα|Ώρα συμμετοχής|Ώρα αποχώρησης|Διάρκεια|Ηλεκτρονικό ταχυδρομείο|Ρόλος", "Παρουσιαστής",
)  # fmt: skip
BULGARIAN = TeamsWords(
    "Резюме", "Заглавие на събранието", "Начален час", "Участници", "Дейности",
    "Име|Първо присъединяване|Последно напускане|Продължителност в срещата|Имейл|ИД на участник (UPN)|Роля",
    "Име|Час на присъединяване|Час на напускане|Продължителност|Имейл|Роля", "Презентиращ",
)  # fmt: skip


def _numbered(
    people: People, words: TeamsWords, when: Callable[[dt.datetime], str], span: Callable[[int], str]
) -> Rows:
    rows: list[Sequence[object]] = [
        [f"1. {words.summary}"],
        [words.title, "B40 working groups"],
        [words.starts, when(START)],
        [],
        [f"2. {words.participants}"],
        words.first.split("|"),
    ]
    for one in people:
        ends = when(moment(one.spans[0][0])), when(moment(one.spans[-1][1]))
        rows.append([one.name, *ends, span(one.minutes), one.email, one.email, words.role])
    rows += [[], [f"3. {words.activities}"], words.visits.split("|")]
    for one in people:
        rows += [[one.name, when(moment(a)), when(moment(b)), span(b - a), one.email, words.role] for a, b in one.spans]
    return rows


def teams_2022(people: People) -> bytes:
    return text_of(_numbered(people, ENGLISH, american_short, units("h", "m", "s")), "\t").encode("utf-16")


def teams_2022_unmarked(people: People) -> bytes:
    return text_of(_numbered(people, ENGLISH, british, units("h", "m", "s")), ",").encode("utf-16-le")


def teams_2022_greek(people: People) -> bytes:
    return b"\xfe\xff" + text_of(_numbered(people, GREEK, greek, units(" ώ", " λ", " δ")), "\t").encode("utf-16-be")


def teams_2022_bulgarian(people: People) -> bytes:
    return text_of(_numbered(people, BULGARIAN, bulgarian, units(" ч", " мин", " сек")), ";").encode("cp1251")


def _plain(
    headings: str, when: Callable[[dt.datetime], str], span: Callable[[int], str], encoding: str, delimiter: str = ";"
) -> Callable[[People], bytes]:
    """Make a layout of one table: name, join, leave, duration, mail."""

    def written(people: People) -> bytes:
        rows = [
            [one.name, when(moment(a)), when(moment(b)), span(b - a), one.email] for one in people for a, b in one.spans
        ]
        return text_of([headings.split("|"), *rows], delimiter).encode(encoding)

    return written


def meet(people: People) -> bytes:
    rows = []
    for one in people:
        first, _space, last = one.name.partition(" ")
        rows += [
            [first, last, one.email, units(" hr", " min")(b - a), clock(moment(a)), clock(moment(b))]
            for a, b in one.spans
        ]
    return text_of([["First name", "Last name", "Email", "Duration", "Time joined", "Time exited"], *rows]).encode()


def workbook(people: People) -> bytes:
    book = Workbook()
    book.active.append(["About this file"])
    sheet = book.create_sheet("Participants")
    sheet.append(["Name", "Join time", "Leave time", "Duration", "Email"])
    for one in people:
        for a, b in one.spans:
            sheet.append([one.name, moment(a), moment(b), dt.timedelta(minutes=b - a), one.email])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


LAYOUTS: dict[str, Callable[[People], bytes]] = {
    "zoom_meeting": zoom_meeting,
    "zoom_rows": zoom_rows,
    "zoom_totals": zoom_totals,
    "zoom_turkish": zoom_turkish,
    "zoom_webinar": zoom_webinar,
    "teams_legacy": teams_legacy,
    "teams_2021": teams_2021,
    "teams_2022": teams_2022,
    "teams_2022_unmarked": teams_2022_unmarked,
    "teams_2022_greek": teams_2022_greek,
    "teams_2022_bulgarian": teams_2022_bulgarian,
    "greek_code_page": _plain("Ονοματεπώνυμο|Ώρα σύνδεσης|Ώρα αποσύνδεσης|Διάρκεια|Email", greek, str, "cp1253"),
    "croatian_code_page": _plain("Ime i prezime|Vrijeme pridruživanja|Vrijeme napuštanja|Trajanje|E-pošta", spaced, as_clock, "cp1250"),
    "serbian": _plain("Пуно име|Време придруживања|Време напуштања|Трајање|Имејл", pointed, as_clock, "utf-8", "\t"),
    "romanian": _plain("Nume complet|Ora intrării|Ora ieșirii|Durată|Adresă de e-mail", pointed, units("h", "min"), "utf-8", ","),
    "albanian": _plain("Emri i plotë|Koha e hyrjes|Koha e daljes|Kohëzgjatja|Email", iso, str, "utf-8", ","),
    "macedonian": _plain("Целосно име|Време на приклучување|Време на напуштање|Времетраење|Е-пошта", pointed, units(" ч", " мин"), "utf-16"),
    "slovenian": _plain("Ime in priimek|Čas pridružitve|Čas odhoda|Trajanje|E-pošta", spaced, units(" h", " min"), "utf-8-sig"),
    "german": _plain("Vollständiger Name|Beitrittszeit|Zeitpunkt des Verlassens|Dauer|E-Mail", pointed, units(" Std.", " Min."), "utf-8-sig"),
    "language_unknown": _plain("Nimi|Liittymisaika|Poistumisaika|Kesto|Sähköposti", pointed, as_clock, "utf-8-sig"),
    "meet": meet,
}  # fmt: skip
ENCODINGS = {
    "zoom_turkish": "cp1254",
    "teams_2022_bulgarian": "cp1251",
    "greek_code_page": "cp1253",
    "croatian_code_page": "cp1250",
}
WITHOUT_MAIL = {"teams_legacy"}
WITHOUT_TIMES = {"zoom_totals"}


def writable(people: People, layout: str) -> list[Somebody]:
    """Keep those whose names the layout's encoding has letters for."""
    encoding = ENCODINGS.get(layout, "utf-8")
    return [one for one in people if one.name == one.name.encode(encoding, "ignore").decode(encoding)]


def file_of(layout: str) -> bytes:
    """The layout with the cast."""
    return LAYOUTS[layout](writable(CAST, layout))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for layout in LAYOUTS:
        (FOLDER / f"{layout}.csv").write_bytes(file_of(layout))


if __name__ == "__main__":
    main()
