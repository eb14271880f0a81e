from django.urls import path

from b40.my.home import home

app_name = "my"

urlpatterns = [
    path("", home, name="home"),
]
