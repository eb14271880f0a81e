from django.urls import path

from b40.my.colleagues import colleagues, invite_colleague, retire_colleague, withdraw_invitation
from b40.my.home import home

app_name = "my"

urlpatterns = [
    path("", home, name="home"),
    path("<slug:slug>/colleagues/", colleagues, name="colleagues"),
    path("<slug:slug>/colleagues/<int:mandate>/invite/", invite_colleague, name="colleague_invite"),
    path("<slug:slug>/colleagues/<int:mandate>/withdraw/", withdraw_invitation, name="colleague_withdraw"),
    path("<slug:slug>/colleagues/<int:mandate>/retire/", retire_colleague, name="colleague_retire"),
]
