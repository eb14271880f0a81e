from django.urls import path

from b40.my.calendar import calendar, calendar_code, calendar_off, calendar_renew
from b40.my.home import home
from b40.my.privacy import ask_for_erasure, change_consent, own_data, privacy
from b40.my.subscriptions import stop_subscription, subscriptions

app_name = "my"

urlpatterns = [
    path("", home, name="home"),
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
