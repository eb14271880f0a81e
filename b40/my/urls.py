from django.urls import path

from b40.my import actions, coordinating, documents, sittings, topics
from b40.my.calendar import calendar, calendar_code, calendar_off, calendar_renew
from b40.my.city import brief, brief_paper, cities, city
from b40.my.city_edit import city_contact, city_edit, city_withdraw
from b40.my.colleagues import colleagues, invite_colleague, retire_colleague, withdraw_invitation
from b40.my.home import home
from b40.my.joining import here, join, not_here
from b40.my.meetings import answer, answer_for, own_meeting
from b40.my.minutes import minutes_page
from b40.my.privacy import ask_for_erasure, change_consent, own_data, privacy
from b40.my.subscriptions import stop_subscription, subscriptions

app_name = "my"

urlpatterns = [
    path("", home, name="home"),
    path("city/", cities, name="cities"),
    path("city/<slug:slug>/", city, name="city"),
    path("city/<slug:slug>/edit/", city_edit, name="city_edit"),
    path("city/<slug:slug>/edit/withdraw/", city_withdraw, name="city_withdraw"),
    path("city/<slug:slug>/contact/<int:mandate>/", city_contact, name="city_contact"),
    path("city/<slug:slug>/brief/", brief, name="brief"),
    path("city/<slug:slug>/brief.pdf", brief_paper, name="brief_paper"),
    path("city/<slug:slug>/colleagues/", colleagues, name="colleagues"),
    path("city/<slug:slug>/colleagues/<int:mandate>/invite/", invite_colleague, name="colleague_invite"),
    path("city/<slug:slug>/colleagues/<int:mandate>/withdraw/", withdraw_invitation, name="colleague_withdraw"),
    path("city/<slug:slug>/colleagues/<int:mandate>/retire/", retire_colleague, name="colleague_retire"),
    path("meetings/<slug:slug>/", own_meeting, name="meeting"),
    path("meetings/<slug:slug>/answer/", answer, name="answer"),
    path("meetings/<slug:slug>/answer/<slug:organisation>/", answer_for, name="answer_for"),
    path("meetings/<slug:slug>/join/", join, name="join"),
    path("meetings/<slug:slug>/join/here/", here, name="here"),
    path("meetings/<slug:slug>/join/not-here/", not_here, name="not_here"),
    path("minutes/<slug:slug>/", minutes_page, name="minutes"),
    path("topics/", topics.topic_list, name="topics"),
    path("propose-topic/", topics.propose, name="propose"),
    path("topics/<slug:slug>/", topics.topic_detail, name="topic"),
    path("topics/<slug:slug>/support/", topics.topic_support, name="topic_support"),
    path("topics/<slug:slug>/edit/", coordinating.topic_edit, name="topic_edit"),
    path("groups/<slug:slug>/", coordinating.group_desk, name="group"),
    path("sessions/<int:pk>/", sittings.session_agenda, name="session"),
    path("sessions/<int:pk>/notes/", sittings.session_notes, name="session_notes"),
    path("documents/", documents.document_list, name="documents"),
    path("documents/hand-in/", documents.paper_new, name="hand_in"),
    path("documents/<int:pk>/", documents.document_detail, name="document"),
    path("documents/<int:pk>/version/", documents.document_version, name="document_version"),
    path("documents/<int:pk>/withdraw/", documents.document_withdraw, name="document_withdraw"),
    path("actions/", actions.action_list, name="actions"),
    path("actions/<int:pk>/", actions.action_detail, name="action"),
    path("reports/<int:pk>/settle/", actions.report_settle, name="report_settle"),
    path("calendar/", calendar, name="calendar"),
    path("calendar/code.svg", calendar_code, name="calendar_code"),
    path("calendar/new/", calendar_renew, name="calendar_renew"),
    path("calendar/off/", calendar_off, name="calendar_off"),
    path("subscriptions/", subscriptions, name="subscriptions"),
    path("subscriptions/stop/", stop_subscription, name="subscriptions_stop"),
    path("privacy/", privacy, name="privacy"),
    path("privacy/data.<str:ending>", own_data, name="own_data"),
    path("privacy/consent/", change_consent, name="consent"),
    path("privacy/erasure/", ask_for_erasure, name="erasure"),
]
