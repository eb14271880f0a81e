from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from b40.pages import sitemaps
from b40.pages.about import about
from b40.pages.cities import city_detail, city_list
from b40.pages.feed import feed, news_feed
from b40.pages.groups import group_detail, group_list
from b40.pages.home import home
from b40.pages.observers import observer_detail, observer_list
from b40.pages.opengraph import og_image
from b40.pages.presidencies import presidency_detail, presidency_list
from b40.pages.privacy import privacy
from b40.pages.robots import robots
from b40.pages.search import search
from b40.pages.topics import topic_detail, topic_list
from b40.pages.yearly import report_in_office, report_page, report_paper, report_table, report_workbook
from meetings.media import media

# Pages of these two show meetings too, so their views stand here, above the apps they are named after.
members = [
    path("cities/", city_list, name="city_list"),
    path("cities/<slug:slug>/", city_detail, name="city_detail"),
    path("observers/", observer_list, name="observer_list"),
    path("observers/<slug:slug>/", observer_detail, name="observer_detail"),
    path("presidencies/", presidency_list, name="presidency_list"),
    path("presidencies/report/", report_in_office, name="report_in_office"),
    path("presidencies/<slug:slug>/", presidency_detail, name="presidency_detail"),
    path("presidencies/<slug:slug>/report/", report_page, name="presidency_report"),
    path("presidencies/<slug:slug>/report.pdf", report_paper, name="presidency_report_paper"),
    path("presidencies/<slug:slug>/report.xlsx", report_workbook, name="presidency_report_workbook"),
    path("presidencies/<slug:slug>/report/<slug:table>.csv", report_table, name="presidency_report_table"),
]
workinggroups = [
    path("working-groups/", group_list, name="list"),
    path("working-groups/<slug:slug>/", group_detail, name="detail"),
    path("topics/", topic_list, name="topic_list"),
    path("topics/<slug:slug>/", topic_detail, name="topic_detail"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("about/", about, name="about"),
    path("privacy/", privacy, name="privacy"),
    path("search/", search, name="search"),
    path("feed.atom", feed, name="feed"),
    path("news.atom", news_feed, name="news_feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<str:section>.xml", sitemaps.section, name="sitemap_section"),
    path("robots.txt", robots, name="robots"),
    path("og/<str:kind>/<slug:slug>.png", og_image, name="og_image"),
    path("", include((members, "members"))),
    path("", include((workinggroups, "workinggroups"))),
    path("", include("meetings.urls")),
    path("media/<path:path>", media, name="media"),
    path("account/", include("b40.accounts.urls")),
    path("my/", include("b40.my.urls")),
    path("admin/", admin.site.urls),
]
