"""Mailings in the admin: who may, what the pages show, that letters are shown safely, and what the buttons do."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core import mail as outbox
from django.utils import timezone

from b40 import worklist
from meetings import mail
from meetings.models import Letter, Mailing
from members.models import Mandate, Organisation, User
from tests import factories
from tests.b40.admin_rows import address, client_of, secretariat_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return client_of(secretariat_user())


@pytest.fixture
def reader():
    """Staff who may look at mail and not send it."""
    user = User.objects.create_user("reader", password="a-long-password", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["view_mailing", "view_letter"]))
    return client_of(user)


def mailing_of(number, **fields):
    made = factories.MailingFactory(**fields)
    for at in range(number):
        factories.LetterFactory(mailing=made, name=f"Ana {at:03}", address=f"ana-{at:03}@example.org")
    return made


def page_of(mailing, query=""):
    return address(Mailing, "change", mailing.pk) + query


def step_of(mailing, name):
    return address(Mailing, "step", mailing.pk, name)


def figures(response):
    return {str(figure["label"]): figure["number"] for figure in response.context["figures"]}


# --- Who may ---------------------------------------------------------------------------------------------------------


def pages():
    letter = factories.LetterFactory(html="<p>x</p>", calendar="BEGIN:VCALENDAR", method="REQUEST")
    mailing = letter.mailing
    looks = [address(Mailing, "changelist"), page_of(mailing), address(Letter, "changelist")]
    looks += [address(Letter, name, letter.pk) for name in ("change", "html", "invite")]
    return looks, [step_of(mailing, "release"), address(Letter, "again", letter.pk)]


def test_secretariat_opens_every_page(staff):
    looks, asks = pages()

    assert {page: staff.get(page).status_code for page in looks + asks} == dict.fromkeys(looks + asks, 200)


def test_who_may_only_look_gets_no_buttons_and_no_answers(reader):
    looks, asks = pages()

    assert {page: reader.get(page).status_code for page in looks} == dict.fromkeys(looks, 200)
    assert {page: reader.get(page).status_code for page in asks} == dict.fromkeys(asks, 403)
    assert {page: reader.post(page).status_code for page in asks} == dict.fromkeys(asks, 403)
    assert b"Release" not in reader.get(looks[1]).content


def test_strangers_and_other_staff_see_nothing(client):
    looks, asks = pages()
    newcomer = client_of(User.objects.create_user("newcomer", password="a-long-password", is_staff=True))

    assert {client.get(page)["Location"].partition("?")[0] for page in looks + asks} == {"/account/login/"}
    assert {newcomer.get(page).status_code for page in looks + asks} == {403}


def test_what_is_not_there_is_not_found(staff):
    mailing = mailing_of(1)
    letter = mailing.letters.get()
    gone = [step_of(mailing, "burn"), address(Mailing, "step", 9_999, "release"), address(Letter, "invite", letter.pk)]

    assert [staff.get(page).status_code for page in gone] == [404, 404, 404]


# --- What the pages show ---------------------------------------------------------------------------------------------


def test_mailing_shows_its_numbers_by_state_and_filters_by_them(staff):
    mailing = mailing_of(5)
    mail.release(mailing, by=None)
    one, two, three, *_ = mailing.letters.order_by("pk")
    Letter.objects.filter(pk__in=[one.pk, two.pk]).update(sent_at=timezone.now())
    Letter.objects.filter(pk=three.pk).update(failed_at=timezone.now(), trouble="550 5.1.1 Unknown")

    response = staff.get(page_of(mailing, "?state=failed"))

    assert figures(response) == {"all": 5, "waiting": 2, "held back": 0, "sent": 2, "failed": 1}
    assert [letter.pk for letter in response.context["page"]] == [three.pk]
    assert "550 5.1.1 Unknown" in response.content.decode()


def test_list_of_mailings_says_how_far_each_is_and_filters(staff):
    waits, goes = mailing_of(1, title="Waits"), mailing_of(2, title="Goes")
    mail.release(goes, by=None)

    everything = staff.get(address(Mailing, "changelist"))
    going = staff.get(address(Mailing, "changelist") + "?state=leaving")

    listed = [(row.title, row.get_state_display(), row.people) for row in everything.context["cl"].result_list]
    assert listed == [("Goes", "going out", 2), ("Waits", "waits for its release", 1)]
    assert [row.title for row in going.context["cl"].result_list] == ["Goes"]
    assert waits.released_at is None


@pytest.mark.parametrize("letters", [10, 500])
def test_pages_cost_the_same_with_ten_and_five_hundred_letters(staff, letters, django_assert_num_queries):
    mailing = mailing_of(letters)
    mail.release(mailing, by=None)
    letter = mailing.letters.order_by("pk").first()
    costs = {page_of(mailing): 9, address(Letter, "change", letter.pk): 9, address(Mailing, "changelist"): 6}
    for page in costs:
        staff.get(page)

    for page, queries in costs.items():
        with django_assert_num_queries(queries):
            staff.get(page)


def test_letter_is_shown_as_the_person_will_see_it(staff):
    letter = factories.LetterFactory(
        name="Κώστας", text="Γειά & χαρά", html="<p>Γειά</p>", calendar="BEGIN:VCALENDAR", method="REQUEST"
    )

    page = staff.get(address(Letter, "change", letter.pk)).content.decode()
    calendar = staff.get(address(Letter, "invite", letter.pk))

    assert "Γειά &amp; χαρά" in page
    assert f"Κώστας &lt;{letter.address}&gt;" in page
    assert "B40 Permanent Secretariat &lt;secretariat@b40network.org&gt;" in page
    assert f'<iframe class="mail-frame" sandbox src="{address(Letter, "html", letter.pk)}"' in page
    assert (calendar.content, calendar["Content-Disposition"]) == (
        b"BEGIN:VCALENDAR",
        'attachment; filename="invite.ics"',
    )


def test_markup_of_a_letter_runs_nothing_and_fetches_nothing(staff):
    letter = factories.LetterFactory(html='<p>Hi</p><script src="https://example.org/x.js"></script>')

    response = staff.get(address(Letter, "html", letter.pk))

    policy = {part.strip() for part in response["Content-Security-Policy"].split(";")}
    assert {"default-src 'none'", "sandbox", "frame-ancestors 'self'", "img-src data:"} <= policy
    assert not any(part.startswith("script-src") for part in policy)
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_neighbours_lead_through_the_letters_of_a_mailing(staff):
    mailing = mailing_of(3)
    one, two, three = mailing.letters.order_by("pk")

    context = staff.get(address(Letter, "change", two.pk)).context

    assert (context["number"], context["total"], context["before"], context["after"]) == (2, 3, one.pk, three.pk)


def test_pages_say_when_letters_reach_nobody(staff, settings):
    mailing = mailing_of(1)
    mail.release(mailing, by=None)
    mailing.letters.update(next_attempt_at=timezone.now() - dt.timedelta(hours=1))
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    notices = staff.get(page_of(mailing)).context["notices"]

    assert len(notices) == 2
    assert "No mail server is set" in notices[0]
    assert "the worker does not seem to run" in notices[1]


# --- What the buttons do ---------------------------------------------------------------------------------------------


def offered(client, mailing):
    return [step.name for step in client.get(page_of(mailing)).context["steps"]]


def test_each_step_is_offered_in_its_time(staff):
    mailing = mailing_of(2)
    seen = [offered(staff, mailing)]
    for name in ("release", "pause", "resume"):
        staff.post(step_of(mailing, name))
        seen.append(offered(staff, mailing))
    mailing.letters.update(failed_at=timezone.now())
    seen.append(offered(staff, mailing))

    assert seen == [["release"], ["pause"], ["resume"], ["pause"], ["again"]]
    assert offered(staff, mailing_of(0)) == []


def test_release_asks_first_and_says_how_many_persons_will_be_written_to(staff):
    mailing = mailing_of(3)

    question = staff.get(step_of(mailing, "release"))

    mailing.refresh_from_db()
    assert "3 persons will be written to." in question.content.decode()
    assert (mailing.released_at, outbox.outbox) == (None, [])


def test_release_goes_under_the_name_of_who_confirmed_it_and_a_second_one_is_refused(staff):
    mailing = mailing_of(1)

    first = staff.post(step_of(mailing, "release"), follow=True)
    second = staff.post(step_of(mailing, "release"), follow=True)

    mailing.refresh_from_db()
    assert mailing.released_by.username == "elif"
    assert "Released: the letters are on their way." in first.content.decode()
    assert "This mailing was released before: nobody is written to twice." in second.content.decode()


def test_failed_letters_are_sent_again_with_their_number_said(staff):
    mailing = mailing_of(3)
    mail.release(mailing, by=None)
    mailing.letters.update(failed_at=timezone.now())
    factories.DeadAddressFactory(address="ana-001@example.org")

    question = staff.get(step_of(mailing, "again")).content.decode()
    staff.post(step_of(mailing, "again"))

    assert "2 persons will be written to." in question
    assert mailing.letters.filter(repeats__isnull=False).count() == 2


def test_one_letter_is_sent_again_and_the_page_tells_of_every_time(staff):
    mailing = mailing_of(1)
    mail.release(mailing, by=None)
    mailing.letters.update(sent_at=timezone.now())
    letter = mailing.letters.get()

    question = staff.get(address(Letter, "again", letter.pk)).content.decode()
    response = staff.post(address(Letter, "again", letter.pk), follow=True)

    again = mailing.letters.get(repeats=letter)
    assert "1 person will be written to: ana-000@example.org." in question
    assert response.context["letter"] == again
    assert [each.pk for each in response.context["times"]] == [letter.pk, again.pk]


# --- The dashboard ---------------------------------------------------------------------------------------------------


def test_dashboard_tells_of_mail_that_waits_for_a_person_or_failed():
    waits, goes, failed, old = (mailing_of(2, title=title) for title in ("Waits", "Goes", "Failed", "Long ago"))
    mailing_of(0, title="Empty")
    for mailing in (goes, failed, old):
        mail.release(mailing, by=None)
        mailing.letters.update(sent_at=timezone.now())
    for mailing in (failed, old):
        mailing.letters.update(sent_at=None, failed_at=timezone.now())
    Mailing.objects.filter(pk=old.pk).update(released_at=timezone.now() - dt.timedelta(days=40))

    found = worklist.mailings_to_look_at(timezone.localdate())

    assert found.lines == [
        worklist.Line("Failed", "gone out · 2 letters failed", page_of(failed)),
        worklist.Line("Waits", "waits for its release", page_of(waits)),
    ]


# --- Contacts --------------------------------------------------------------------------------------------------------


def test_contacts_say_that_mail_fails_and_how_to_use_the_address_again(staff):
    contact = factories.MandateFactory(email="Old@example.org")
    fine = factories.MandateFactory(email="fine@example.org", organisation=contact.organisation)
    mark = factories.DeadAddressFactory(address="old@example.org")
    undo = f'<a href="/admin/members/deadaddress/{mark.pk}/delete/">Use it again</a>'

    pages = {
        name: staff.get(page).content.decode()
        for name, page in {
            "list": address(Mandate, "changelist"),
            "form": address(Mandate, "change", contact.pk),
            "organisation": address(Organisation, "change", contact.organisation_id),
            "fine": address(Mandate, "change", fine.pk),
        }.items()
    }

    assert {name: page.count("Mail to this address failed on") for name, page in pages.items()} == {
        "list": 1,
        "form": 1,
        "organisation": 1,
        "fine": 0,
    }
    assert [name for name, page in pages.items() if undo in page] == ["list", "form", "organisation"]
