from django.urls import path

from meetings.inviting.views import answer_page
from meetings.news import news_detail, news_list
from meetings.polling.views import poll_page
from meetings.views import calendar, ics, meeting_detail, meeting_list

app_name = "meetings"

urlpatterns = [
    path("meetings/", meeting_list, name="list"),
    path("meetings/calendar.ics", calendar, name="calendar"),
    path("meetings/<slug:slug>.ics", ics, name="ics"),
    path("meetings/<slug:slug>/", meeting_detail, name="detail"),
    path("answer/<str:token>/", answer_page, name="answer"),
    path("poll/<str:token>/", poll_page, name="poll"),
    path("news/", news_list, name="news_list"),
    path("news/<slug:slug>/", news_detail, name="news_detail"),
]
