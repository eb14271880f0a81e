from django.urls import path

from b40.my.colleagues import colleagues, invite_colleague, retire_colleague, withdraw_invitation
from b40.my.home import home
from b40.my.joining import here, join, not_here
from b40.my.meetings import answer, answer_for, own_meeting
from b40.my.minutes import minutes_page

app_name = "my"

urlpatterns = [
    path("", home, name="home"),
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
]
