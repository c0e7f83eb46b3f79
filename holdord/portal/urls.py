"""The addresses customers use. The token in the path is the authority; there are no cookies."""

from django.urls import URLPattern, URLResolver, path

from holdord.portal.views import case, chat, codes, form, help_centre, look, mine, promises, requests, suggesting

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("case/<str:token>/", case.case, name="case"),
    path("case/<str:token>/messages/", case.write, name="write"),
    path("case/<str:token>/solution/", case.solved, name="solved"),
    path("case/<str:token>/solution/end/", case.not_solved, name="not_solved"),
    path("case/<str:token>/solution/not/", case.not_working, name="not_working"),
    path("case/<str:token>/effort/", case.effort, name="effort"),
    path("case/<str:token>/facts/<int:pk>/", case.correct, name="correct"),
    path("case/<str:token>/moves/<int:pk>/choice/", promises.choice, name="choice"),
    path("case/<str:token>/call-back/", promises.call_back, name="call_back"),
    path("case/<str:token>/call-back/end/", promises.no_call, name="no_call"),
    path("case/<str:token>/codes/<slug:kind>/", codes.send, name="send_code"),
    path("case/<str:token>/codes/<slug:kind>/latest/", codes.code, name="code"),
    path("case/<str:token>/codes/<slug:kind>/proof/", codes.prove, name="prove"),
    path("case/<str:token>/requests/<slug:kind>/", requests.ask, name="ask"),
    path("case/<str:token>/requests/<int:pk>/confirmation/", requests.confirm, name="confirm_request"),
    path("case/<str:token>/requests/<int:pk>/dismissal/", requests.dismiss, name="dismiss_request"),
    path("case/<str:token>/requests/<int:pk>/undo/", requests.undo, name="undo_request"),
    path("case/<str:token>/link/", case.new_link, name="new_link"),
    path("chat/<slug:slug>/", chat.begin, name="chat"),
    path("chat/<slug:slug>/element.js", chat.widget, name="chat_element"),
    path("chat/<slug:slug>/<str:token>/", chat.talk, name="chat_talk"),
    path("chat/<slug:slug>/<str:token>/here/", chat.here, name="chat_here"),
    path("help/<slug:slug>/", help_centre.help_centre, name="help"),
    path("help/<slug:slug>/<int:pk>/", help_centre.article, name="article"),
    path("help/<slug:slug>/<int:pk>/helped/", help_centre.helped, name="helped"),
    path("help/<slug:slug>/policies/<int:pk>/", help_centre.article, {"kind": "policy"}, name="policy"),
    path("help/<slug:slug>/incidents/<int:pk>/", help_centre.article, {"kind": "incident"}, name="incident"),
    path("mine/", mine.ask, name="mine"),
    path("mine/at/<slug:slug>/", mine.ask, name="mine_at"),
    path("mine/in/<str:token>/", mine.prove, name="prove"),
    path("mine/<str:session>/", mine.cases, name="my_cases"),
    path("mine/<str:session>/addresses/", mine.join, name="join_address"),
    path("look/<int:hue>.css", look.look, name="look"),
    path("write/<slug:slug>/", form.form, name="form"),
    path("write/<slug:slug>/sent/", form.sent, name="sent"),
    path("write/<slug:slug>/articles/", suggesting.articles, name="articles"),
    path("write/<slug:slug>/framed/", form.form, {"in_frame": True}, name="form_framed"),
    path("write/<slug:slug>/framed/sent/", form.sent, {"in_frame": True}, name="sent_framed"),
    path("write/<slug:slug>/embedding.js", form.embedding, name="embedding"),
    path("write/<slug:slug>/post/", form.form_elsewhere, name="form_elsewhere"),
]
