from django.urls import include, path

from b40.accounts.invitation_page import invitation_page, welcome
from b40.accounts.viewing_page import start_viewing, stop_viewing

urlpatterns = [
    path("invitation/<str:token>/", invitation_page, name="account_invitation"),
    path("welcome/", welcome, name="account_welcome"),
    path("view-as/", start_viewing, name="account_view_as"),
    path("view-as/stop/", stop_viewing, name="account_view_as_stop"),
    path("", include("allauth.urls")),
]
