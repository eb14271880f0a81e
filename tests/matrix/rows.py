"""What everybody gets at every address that tells more to some than to others; a new route needs a row.

An answer is a status, "in" for being sent to sign in, "on" for being led on.
"""

from tests.b40.test_public_routes import PUBLIC
from tests.matrix.world import WHO

Answers = dict[str, int | str]


def everybody(code: int | str = 200, **others: int | str) -> Answers:
    return {**dict.fromkeys(WHO, code), **others}


def accounts(code: int | str = 200, **others: int | str) -> Answers:
    """Strangers sign in first."""
    return everybody(code, **{"public": "in", **others})


def delegates(code: int | str = 200, **others: int | str) -> Answers:
    """Whose mandates ended, and staff without one, are told that they speak for nobody."""
    return accounts(code, **{"ended": 403, "staff": 403, "admin": 403, **others})


def staff(code: int | str = 200, others: int | str = 404, **more: int | str) -> Answers:
    return everybody(others, staff=code, admin=code, **more)


OPEN = everybody()
DELEGATES, SOFIA = delegates(), delegates(404, city=200, lead=200)
GROUP = delegates(404, city=200, lead=200, coordinator=200)
COORDINATOR = delegates(404, coordinator=200)
INVITED = delegates(403, city=200, lead=200, coordinator=200, observer=200)

# Route → address → what each gets. Public routes that tell everybody the same are in tests/b40/test_public_routes.py.
ROWS: dict[str, dict[str, Answers]] = {
    "meetings:detail": {
        "/meetings/spring/": OPEN,
        "/meetings/held/": OPEN,
        "/meetings/zv-draft/": staff(coordinator=200, host=200),
    },
    "meetings:ics": {"/meetings/spring.ics": OPEN, "/meetings/zv-draft.ics": staff(coordinator=200, host=200)},
    "meetings:own_calendar": {"/calendar/{links[calendar]}.ics": OPEN, "/calendar/none.ics": everybody(404)},
    "meetings:answer": {"/answer/{links[answer]}/": OPEN, "/answer/{links[answer]}x/": everybody(404)},
    "meetings:poll": {"/poll/{links[poll]}/": OPEN, "/poll/{links[answer]}/": everybody(404)},
    "meetings:minutes": {"/minutes/{links[minutes]}/": OPEN, "/minutes/{links[poll]}/": everybody(404)},
    "meetings:check_in": {"/check-in/{links[check_in]}/": OPEN, "/check-in/{links[check_in]}x/": everybody(404)},
    "meetings:record": {"/meetings/held/record/1/": OPEN, "/meetings/zv-draft/record/1/": everybody(404)},
    "meetings:record_file": {f"/meetings/held/record/1.{ending}": OPEN for ending in ("pdf", "xlsx", "csv")},
    "meetings:news_detail": {"/news/zv-draft-news/": staff(), "/news/zv-waiting-news/": staff()},
    "workinggroups:topic_detail": {
        "/topics/zv-draft-topic/": staff(coordinator=200),
        "/topics/zv-proposed-topic/": staff(city=200, lead=200, coordinator=200),
        "/topics/zv-declined-topic/": staff(city=200, lead=200, coordinator=200),
    },
    "og_image": {"/og/meeting/zv-draft.png": everybody(404), "/og/meeting/spring.png": OPEN},
    "media": {
        "/media/{papers[members].file.name}": everybody(200, public=404, ended=404),
        "/media/{papers[group].file.name}": staff(city=200, lead=200, coordinator=200),
        "/media/{papers[secretariat].file.name}": staff(),
        "/media/{picture}": staff(city=200, lead=200),
        "/media/{thumbnail}": staff(city=200, lead=200),
    },
    "search": {"/search/?q=zv": OPEN},
    **{
        name: dict.fromkeys(addresses, OPEN)
        for name, addresses in {
            "home": ["/"], "feed": ["/feed.atom"], "news_feed": ["/news.atom"], "members:city_list": ["/cities/"],
            "sitemap_section": ["/sitemap-meetings.xml"], "members:city_detail": ["/cities/sofia/"],
            "workinggroups:list": ["/working-groups/"], "workinggroups:detail": ["/working-groups/climate/"],
            "workinggroups:topic_list": ["/topics/"], "meetings:list": ["/meetings/"], "meetings:news_list": ["/news/"],
            "meetings:calendar": ["/meetings/calendar.ics"], "meetings:group_calendar": ["/working-groups/climate/calendar.ics"],
            "members:presidency_detail": ["{presidency_url}"],
        }.items()
    },
    "my:home": {"/my/": DELEGATES},
    "my:cities": {"/my/city/": delegates("on")},
    "my:city": {"/my/city/sofia/": SOFIA},
    "my:city_edit": {"/my/city/sofia/edit/": SOFIA},
    "my:city_withdraw": {"/my/city/sofia/edit/withdraw/": delegates(405)},
    "my:city_contact": {
        "/my/city/sofia/contact/{mandate.pk}/": delegates(404),
        "/my/city/sofia/contact/{own_mandate.pk}/": delegates(404, city=200),
    },
    "my:brief": {"/my/city/sofia/brief/": {**SOFIA, "staff": 200, "admin": 200}},
    "my:brief_paper": {"/my/city/sofia/brief.pdf": {**SOFIA, "staff": 200, "admin": 200}},
    "my:colleagues": {"/my/city/sofia/colleagues/": SOFIA},
    "my:colleague_invite": {"/my/city/sofia/colleagues/{mandate.pk}/invite/": delegates(405)},
    "my:colleague_withdraw": {"/my/city/sofia/colleagues/{mandate.pk}/withdraw/": delegates(405)},
    "my:colleague_retire": {"/my/city/sofia/colleagues/{mandate.pk}/retire/": delegates(405)},
    "my:meeting": {
        "/my/meetings/spring/": delegates("on"),
        "/my/meetings/zv-draft/": delegates(404, coordinator="on", host="on"),
    },
    "my:answer": {"/my/meetings/spring/answer/": INVITED},
    "my:answer_for": {"/my/meetings/spring/answer/sofia/": SOFIA},
    "my:join": {"/my/meetings/spring/join/": INVITED},
    "my:here": {"/my/meetings/spring/join/here/": delegates(405)},
    "my:not_here": {"/my/meetings/spring/join/not-here/": delegates(405)},
    "my:minutes": {"/my/minutes/held/": SOFIA},
    "my:topics": {"/my/topics/": DELEGATES},
    "my:propose": {"/my/propose-topic/": DELEGATES},
    "my:topic": {
        "/my/topics/heat/": DELEGATES,
        "/my/topics/zv-draft-topic/": COORDINATOR,
        "/my/topics/zv-proposed-topic/": GROUP,
        "/my/topics/zv-declined-topic/": GROUP,
    },
    "my:topic_support": {"/my/topics/heat/support/": delegates(405)},
    "my:topic_edit": {
        "/my/topics/heat/edit/": delegates(403, coordinator=200),
        "/my/topics/zv-draft-topic/edit/": COORDINATOR,
    },
    "my:group": {"/my/groups/climate/": COORDINATOR},
    "my:session": {"/my/sessions/{session.pk}/": delegates(403, coordinator=200)},
    "my:session_notes": {"/my/sessions/{session.pk}/notes/": delegates(403, coordinator=200)},
    "my:documents": {"/my/documents/": DELEGATES},
    "my:hand_in": {"/my/documents/hand-in/": DELEGATES},
    "my:document": {
        "/my/documents/{papers[members].pk}/": DELEGATES,
        "/my/documents/{papers[group].pk}/": GROUP,
        "/my/documents/{papers[secretariat].pk}/": delegates(404),
        "/my/documents/{handed_in.pk}/": SOFIA,
    },
    "my:document_version": {"/my/documents/{handed_in.pk}/version/": delegates(405)},
    "my:document_withdraw": {"/my/documents/{handed_in.pk}/withdraw/": SOFIA},
    "my:actions": {"/my/actions/": DELEGATES},
    "my:action": {"/my/actions/{action.pk}/": SOFIA},
    "my:report_settle": {"/my/reports/{report.pk}/settle/": delegates(405)},
    "my:calendar": {"/my/calendar/": accounts()},
    "my:calendar_code": {"/my/calendar/code.svg": accounts(404, city=200)},
    "my:subscriptions": {"/my/subscriptions/": accounts()},
    "my:privacy": {"/my/privacy/": accounts()},
    "my:own_data": {"/my/privacy/data.json": accounts(), "/my/privacy/data.none": accounts(404)},
    "account_welcome": {"/account/welcome/": accounts()},
    **{
        name: {address: accounts(405)}
        for name, address in {
            "my:calendar_renew": "/my/calendar/new/", "my:calendar_off": "/my/calendar/off/",
            "my:subscriptions_stop": "/my/subscriptions/stop/", "my:consent": "/my/privacy/consent/",
            "my:erasure": "/my/privacy/erasure/", "account_view_as_stop": "/account/view-as/stop/",
        }.items()
    },
    # Last: from here on, staff sees what somebody else does.
    "account_view_as": {"/account/view-as/": accounts(403, staff=200, admin=200)},
}  # fmt: skip

# Pages about one's own account alone, by its library: whoever is signed in has them, strangers sign in.
OWN_ACCOUNT = {
    "account_change_password", "account_email", "account_reauthenticate", "account_set_password", "mfa_index",
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_edit_webauthn",
    "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn", "mfa_view_recovery_codes", "usersessions_list",
}  # fmt: skip
KNOWN = set(ROWS) | set(PUBLIC) | OWN_ACCOUNT

# What those get who send something to an address that takes nothing else; 0 for any answer that is no refusal.
SENDS: dict[str, Answers] = {
    "/my/city/sofia/edit/withdraw/": delegates(404, city=0, lead=0),
    "/my/city/sofia/colleagues/{mandate.pk}/invite/": delegates(404, city=403, lead=0),
    "/my/city/sofia/colleagues/{mandate.pk}/withdraw/": delegates(404, city=403, lead=0),
    "/my/city/sofia/colleagues/{mandate.pk}/retire/": delegates(404, city=403, lead=0),
    "/my/meetings/spring/join/here/": delegates(403, city=0, lead=0, coordinator=0, observer=0),
    "/my/meetings/spring/join/not-here/": delegates(403, city=0, lead=0, coordinator=0, observer=0),
    "/my/topics/heat/support/": delegates(404, city=0, lead=0),
    "/my/documents/{handed_in.pk}/version/": delegates(404, city=0, lead=0),
    "/my/reports/{report.pk}/settle/": delegates(404, city=403, lead=403),
    "/my/calendar/new/": accounts(0),
    "/my/calendar/off/": accounts(0),
    "/my/subscriptions/stop/": accounts(0),
    "/my/privacy/consent/": accounts(0, staff=404, admin=404),
    "/my/privacy/erasure/": accounts(0, staff=404, admin=404),
    "/account/view-as/stop/": accounts(0),
}

_SOFIA, _GROUP, _INVITED = (
    {"city", "lead"},
    {"city", "lead", "coordinator"},
    {"city", "lead", "coordinator", "observer"},
)
# Word → who, of those who are no staff, finds it anywhere. Words of personal links are found by whoever holds these.
SEEN = {
    "zvaction": _SOFIA, "zvannounced": _SOFIA, "zvballot": set(), "zvcheckin": set(), "zvcirculatednote": _SOFIA,
    "zvcontactmail": _SOFIA, "zvcontactname": _SOFIA, "zvphone": set(), "zvcorrection": _SOFIA, "zvdeclinedtopic": _GROUP,
    "zvdelegate": set(), "zvdelegatename": set(), "zvdraftmeeting": {"coordinator", "host"}, "zvdraftnews": set(),
    "zvdrafttopic": {"coordinator"}, "zvgrouppaper": _GROUP, "zvhandedin": _SOFIA, "zvinvitee": set(), "zvjoin": _INVITED,
    "zvletter": set(), "zvlettertext": set(),
    "zvmemberspaper": {"other", "observer", "city", "lead", "coordinator", "host"}, "zvopennote": {"coordinator"},
    "zvproposal": _SOFIA, "zvproposedtopic": _GROUP, "zvreader": set(), "zvremark": _SOFIA, "zvreport": _SOFIA,
    "zvsecretariatpaper": set(), "zvsubscriber": set(), "zvvoter": set(), "zvwaitingnews": set(),
}  # fmt: skip
BY_LINK = ("/answer/", "/poll/", "/minutes/", "/check-in/", "/calendar/")
