"""The addresses of the desk. Those for programs are added in `for_programs`."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("holdord.web.urls")),
    path("", include("holdord.portal.urls")),
    path("", include("holdord.desk.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("holdord.stories.urls")))

handler400 = "holdord.web.faults.not_understood"
handler403 = "holdord.web.faults.not_yours"
handler404 = "holdord.web.faults.not_there"
handler500 = "holdord.web.faults.our_fault"
