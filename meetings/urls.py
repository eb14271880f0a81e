from django.urls import path, re_path

from meetings.desk.views import check_in_page
from meetings.following.pages import confirm_page, subscribe, unsubscribe
from meetings.following.views import group_calendar, own_calendar
from meetings.inviting.views import answer_page
from meetings.minutes.reading import minutes_page
from meetings.news import news_detail, news_list
from meetings.polling.views import poll_page
from meetings.records import record, record_file
from meetings.views import calendar, ics, meeting_detail, meeting_list, next_meeting

app_name = "meetings"

urlpatterns = [
    path("meetings/", meeting_list, name="list"),
    path("meetings/calendar.ics", calendar, name="calendar"),
    path("meetings/next/", next_meeting, name="next"),
    path("working-groups/<slug:slug>/calendar.ics", group_calendar, name="group_calendar"),
    path("calendar/<str:token>.ics", own_calendar, name="own_calendar"),
    path("meetings/<slug:slug>.ics", ics, name="ics"),
    path("meetings/<slug:slug>/", meeting_detail, name="detail"),
    path("meetings/<slug:slug>/record/<int:number>/", record, name="record"),
    re_path(
        r"^meetings/(?P<slug>[-\w]+)/record/(?P<number>[0-9]{1,4})\.(?P<ending>pdf|xlsx|csv)$",
        record_file,
        name="record_file",
    ),
    path("answer/<str:token>/", answer_page, name="answer"),
    path("poll/<str:token>/", poll_page, name="poll"),
    path("subscribe/", subscribe, name="subscribe"),
    path("subscribe/<str:token>/", confirm_page, name="confirm"),
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
    path("minutes/<str:token>/", minutes_page, name="minutes"),
    path("news/", news_list, name="news_list"),
    path("news/<slug:slug>/", news_detail, name="news_detail"),
    path("check-in/<slug:token>/", check_in_page, name="check_in"),
]
