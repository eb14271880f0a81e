"""Who is who in a report: visits joined, minutes counted once, and of which organisation somebody is, with the reason."""

import datetime as dt

import pytest

from meetings.models import ParticipantReport
from meetings.reports.domains import domain_of, owners_of
from meetings.reports.evidence import weigh
from meetings.reports.people import people_of
from meetings.reports.plan import plan_of
from meetings.reports.visits import read_report
from tests import factories

HEAD = "Name (Original Name),User Email,Join Time,Leave Time,In Waiting Room\n"


def line(name, start, end, email="", waiting="No"):
    return f'"{name}",{email},2025-04-09 {start},{f"2025-04-09 {end}" if end else ""},{waiting}\n'


def people(*lines):
    raw = (HEAD + "".join(lines)).encode()
    return people_of(read_report(raw, zone="UTC", near=dt.date(2025, 4, 9)))


def told(*lines):
    return [(one.name, one.minutes) for one in people(*lines)]


# --- Visits of one person --------------------------------------------------------------------------------------------


def test_visits_of_one_name_are_joined_and_two_devices_counted_once():
    (ivan,) = people(
        line("Ivan Petrov", "10:00", "10:30"),
        line("ivan petrov", "10:20", "10:40"),
        line("Иван Петров", "11:00", "11:10"),
    )

    assert (ivan.minutes, ivan.joined.hour, ivan.left.minute) == (50, 10, 10)
    assert ivan.marks == [
        "3 visits",
        "on two devices at once, counted once; or two people of one name",
        "also as “ivan petrov”, “Ivan Petrov”",
    ]


def test_visits_of_one_address_are_joined_whatever_the_name():
    assert told(line("iPhone", "10:00", "10:30", "I@sofia.bg"), line("Ivan", "10:40", "10:50", "i@sofia.bg")) == [
        ("Ivan", 40)
    ]


def test_one_name_with_two_addresses_is_two_people():
    assert len(people(line("Ivan", "10:00", "10:30", "a@sofia.bg"), line("Ivan", "10:00", "10:30", "b@varna.bg"))) == 2


def test_a_second_device_without_address_belongs_to_the_one_of_that_name():
    assert told(line("Ivan", "10:00", "10:30", "a@sofia.bg"), line("Ivan", "10:10", "10:40")) == [("Ivan", 40)]


def test_devices_and_placeholders_are_never_joined_by_name():
    assert told(
        line("iPhone", "10:00", "10:30"), line("iPhone", "10:00", "10:30"), line("Konuk 2", "10:00", "10:30")
    ) == [
        ("iPhone", 30),
        ("iPhone", 30),
        ("Konuk 2", 30),
    ]


def test_a_renamed_person_is_joined_to_the_full_name_before():
    assert told(line("Ivan Petrov", "10:00", "10:10"), line("Sofia – Ivan (Ivan Petrov)", "10:10", "11:00")) == [
        ("Sofia – Ivan (Ivan Petrov)", 60)
    ]


def test_two_people_of_one_city_in_brackets_stay_two():
    assert (
        len(
            people(
                line("Maria (Municipality of Thessaloniki)", "10:00", "10:10"),
                line("Nikos (Municipality of Thessaloniki)", "10:00", "11:00"),
            )
        )
        == 2
    )


@pytest.mark.parametrize(
    "flag", ["(Guest)", "(Gast)", "(Konuk)", "(Επισκέπτης)", "(Гост)", "[External]", "(Host) (Guest)"]
)
def test_what_the_program_puts_behind_a_name_is_no_part_of_it(flag):
    assert told(line(f"Ivan {flag}", "10:00", "10:30")) == [("Ivan", 30)]


def test_who_had_not_left_was_there_to_the_end_of_the_report():
    ivan, _maria = people(line("Ivan", "10:00", ""), line("Maria", "10:00", "11:00"))

    assert (ivan.minutes, ivan.left, ivan.marks) == (60, None, ["still there when the list was taken"])


def test_waiting_is_not_being_there():
    ivan, maria = people(
        line("Ivan", "10:00", "10:30", waiting="Yes"),
        line("Ivan", "10:30", "11:00"),
        line("Maria", "10:00", "11:00", waiting="Yes"),
    )

    assert (ivan.minutes, maria.minutes, maria.marks) == (30, 0, ["only in the waiting room"])


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Ivan & Maria", "perhaps several people under one name"),
        ("Иван и Мария", "perhaps several people under one name"),
        ("+359 88***1234", "by telephone"),
        ("Galaxy", "a device or a placeholder, not a name"),
    ],
)
def test_what_is_odd_about_a_name_is_marked(name, mark):
    assert people(line(name, "10:00", "11:00"))[0].marks == [mark]


def test_a_short_visit_is_marked_and_not_dropped():
    assert people(line("Ivan", "10:00", "10:03"))[0].marks == ["less than 5 minutes"]


# --- Of which organisation -------------------------------------------------------------------------------------------


def found(meeting, name, email=""):
    """The organisation that somebody is taken for, or the first suggested one with a question mark, and why."""
    (finding,) = weigh(people(line(name, "10:00", "11:00", email)), meeting)
    first = finding.candidates[0].slug if finding.candidates else ""
    return (f"{first}?" if first and not finding.organisation else first, finding.reason)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ivan – Sofia Munic.", "sofia"), ("Ivan Petrov - Sofia", "sofia"), ("Skopje_Ana", "skopje"), ("[Selanik] Maria", "thessaloniki"), ("Град София - Иван Петров", "sofia"),
        ("Община София, Иван Петров", "sofia"), ("Кмет на София", "sofia"), ("Mayor of Sofia Ivan", "sofia"), ("Ivan Petrov Sofia Municipality", "sofia"), ("ΔΗΜΟΣ ΘΕΣΣΑΛΟΝΙΚΗΣ", "thessaloniki?"),
        ("İzmir Büyükşehir Belediyesi / Şule", "izmir"), ("Nikshich | Zoran", "niksic"), ("Општина Никшић (Зоран)", "niksic"), ("PLOVDIV", "plovdiv"), ("Maria@Plovdiv", "plovdiv"),
        ("Ivan (Sofia)", "sofia"), ("Sofia Petrova", "sofia?"), ("Sofia", "sofia?"), ("Petrova, Sofia", "sofia?"), ("Ivanova Petrova, Sofia", "sofia?"), ("Ivan Petrov, Skopje", "skopje"), ("Skopje Ana", "skopje?"), ("Skopje-Ana", "skopje?"),
        ("Sofia / Plovdiv", "sofia?"), ("Ivan - Plovdif", "plovdiv?"), ("Ivan Petrov", ""), ("iPhone", ""), ("Otter.ai", ""), ("Municipality", ""), ("Ana - Ivan", ""),
    ],
)  # fmt: skip
def test_a_city_is_found_inside_a_name_and_only_what_is_sure_is_taken(cities, meeting, name, slug):
    assert found(meeting, name)[0] == slug


def test_a_name_that_several_bear_is_left_to_a_person(cities, meeting):
    for code in ("BG", "RS"):
        factories.OrganisationFactory(
            name="Dimitrovgrad", country__code=code, country__name={"BG": "Bulgaria", "RS": "Serbia"}[code]
        )

    assert found(meeting, "Ana - Dimitrovgrad")[1] == "Several bear the name “Dimitrovgrad”."
    (finding,) = weigh(people(line("Ana – Dimitrovgrad (Serbia)", "10:00", "11:00")), meeting)
    assert finding.organisation.country_id == "RS"


def test_addresses_of_contacts_and_domains_tell(cities, meeting):
    factories.MandateFactory(organisation=cities["sofia"], email="Ivan@Gmail.com")
    factories.MandateFactory(organisation=cities["plovdiv"], email="office@plovdiv-town.bg")

    assert found(meeting, "Someone", "ivan@gmail.com")[0] == "sofia"
    assert found(meeting, "Someone", "other@gmail.com")[0] == ""
    assert found(meeting, "Someone", "maria@plovdiv-town.bg") == (
        "plovdiv",
        "Its contacts have addresses @plovdiv-town.bg.",
    )
    assert found(meeting, "Someone", "x@thessaloniki.gr")[0] == "thessaloniki"
    assert found(meeting, "Someone", "x@mail.thessaloniki.gr")[0] == "thessaloniki"
    assert found(meeting, "Someone", "x@nothessaloniki.gr")[0] == ""


def test_a_contact_is_known_by_name_while_the_mandate_holds(cities, meeting):
    factories.MandateFactory(organisation=cities["sofia"], person__name="Иван Петров")
    factories.MandateFactory(organisation=cities["skopje"], person__name="Ana Kostova", ends_on=dt.date(2025, 4, 8))

    assert found(meeting, "Ivan Petrov") == ("sofia", "Иван Петров is a contact of Sofia.")
    assert found(meeting, "Ana Kostova") == (
        "skopje?",
        "Ana Kostova is a contact of Skopje. Not on the meeting's day, though.",
    )


def test_clues_that_contradict_each_other_are_left_to_a_person(cities, meeting):
    factories.MandateFactory(organisation=cities["sofia"], email="ivan@sofia.example")

    slug, reason = found(meeting, "Ivan – Plovdiv", "ivan@sofia.example")

    assert slug == "sofia?"
    assert reason.startswith("The clues contradict each other: Sofia, Plovdiv.")


def test_somebody_of_the_secretariat_and_a_recorder_are_of_nobody(cities, meeting):
    factories.UserFactory(staff=True, email="elif@example.org", first_name="Elif", last_name="Kaya")

    findings = weigh(
        people(
            line("E. K.", "10:00", "11:00", "elif@example.org"), line("Elif Kaya", "10:00", "11:00"),
            line("X", "10:00", "11:00", "x@b40network.org"), line("Fireflies.ai Notetaker Ivan", "10:00", "11:00"),
        ),
        meeting,
    )  # fmt: skip

    assert [finding.proposal for finding in findings] == ["nobody"] * 4


def test_an_earlier_decision_goes_before_every_clue(cities, meeting):
    factories.RememberedMatchFactory(name="Ivan – Plovdiv", organisation=cities["sofia"])
    factories.RememberedMatchFactory(name="", email="guest@example.org", organisation=None)

    assert found(meeting, "Иван – Пловдив")[0] == "sofia"
    assert found(meeting, "Ivan – Plovdiv", "i@example.org")[0] == "sofia"
    (finding,) = weigh(people(line("Ana – Skopje", "10:00", "11:00", "guest@example.org")), meeting)
    assert (finding.proposal, finding.reason[:30]) == ("nobody", "Decided before, by the secreta")


def test_earlier_decisions_that_differ_are_left_to_a_person(cities, meeting):
    factories.RememberedMatchFactory(name="Ivan", email="a@example.org", organisation=cities["sofia"])
    factories.RememberedMatchFactory(name="Ivan", email="b@example.org", organisation=cities["plovdiv"])

    assert found(meeting, "Ivan")[1].startswith("Decided differently before")
    assert found(meeting, "Ivan", "b@example.org")[0] == "plovdiv"
    assert found(meeting, "Ivan", "c@example.org")[0] == ""


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("a@sofia.bg", "sofia.bg"),
        ("a@gmail.com", ""),
        ("a@yahoo.co.uk", ""),
        ("a@abv.bg", ""),
        ("a@b40network.org", ""),
        ("a@mail.sofia.bg", "mail.sofia.bg"),
        ("", ""),
    ],
)
def test_public_providers_say_nothing(email, domain):
    assert domain_of(email) == domain


@pytest.mark.django_db
def test_registries_own_no_domain():
    factories.OrganisationFactory(name="Government", website="https://www.gov.bg")
    mugla = factories.OrganisationFactory(name="Muğla", website="https://www.mugla.bel.tr/tr")

    owners = owners_of(["sofia.gov.bg", "mugla.bel.tr", "izmir.bel.tr", "bel.tr"])

    assert dict(owners) == {"mugla.bel.tr": {mugla: "website"}}


@pytest.mark.parametrize("number", [3, 80])
def test_weighing_costs_the_same_for_any_number(cities, meeting, django_assert_num_queries, number):
    lines = []
    for each in range(number):
        city = factories.OrganisationFactory(name=f"Grad{each}", website=f"https://grad{each}.example")
        factories.MandateFactory(organisation=city, email=f"contact@town{each}.example")
        lines += [
            line(f"Ana {each} - Grad{each}", "10:00", "11:00"),
            line(f"Bo {each}", "10:00", "11:00", f"bo@grad{each}.example"),
        ]
        lines += [
            line(f"Vi {each}", "10:00", "11:00", f"vi@town{each}.example"),
            line(f"Nobody {each} - Nowhere", "10:00", "11:00"),
        ]
    report = ParticipantReport(
        meeting=meeting, channel="zoom", timezone="UTC", file_name="x.csv", raw=(HEAD + "".join(lines)).encode()
    )
    plan_of(report)

    with django_assert_num_queries(14):
        plan = plan_of(report)

    assert (len(plan.rows), len(plan.undecided)) == (number, number)
