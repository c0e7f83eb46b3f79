"""The addresses of the desk."""

from django.urls import include, path

urlpatterns = [
    path("", include("holdord.web.urls")),
    path("", include("holdord.portal.urls")),
    path("", include("holdord.desk.urls")),
]

handler400 = "holdord.web.faults.not_understood"
handler403 = "holdord.web.faults.not_yours"
handler404 = "holdord.web.faults.not_there"
handler500 = "holdord.web.faults.our_fault"
