from django.urls import path

from meetings.views import calendar, ics, meeting_detail, meeting_list

app_name = "meetings"

urlpatterns = [
    path("", meeting_list, name="list"),
    path("calendar.ics", calendar, name="calendar"),
    path("<slug:slug>.ics", ics, name="ics"),
    path("<slug:slug>/", meeting_detail, name="detail"),
]
