"""Logging in, and what both surfaces show: files and letters behind signed addresses."""

from django.urls import URLPattern, URLResolver, include, path

from holdord.web import accounts, files

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include(accounts.urlpatterns)),
    path("", include((files.urlpatterns, "web"))),
]
