"""The demo's pages. They are there only in the demo (see `holdord.config.urls`)."""

from django.urls import path

from holdord.stories import views

app_name = "stories"
urlpatterns = [
    path("demo/mail/", views.mailbox, name="mailbox"),
    path("demo/systems/", views.systems, name="systems"),
    path("demo/systems/<slug:company>/slowness/", views.slowness, name="slowness"),
    path("demo/mail/new/", views.new_mail, name="new"),
    path("demo/mail/<str:name>/", views.mail, name="mail"),
    path("demo/mail/<str:name>/letter/", views.letter, name="letter"),
    path("demo/mail/<str:name>/answer/", views.answer, name="answer"),
]
