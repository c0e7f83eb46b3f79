"""The addresses of the desk."""

from django.urls import include, path

urlpatterns = [
    path("", include("holdord.web.urls")),
    path("account/", include("allauth.account.urls")),
    path("", include("holdord.portal.urls")),
    path("", include("holdord.desk.urls")),
]
