"""The addresses of the desk. A verb becomes a thing that is made or taken away."""

from django.urls import URLPattern, URLResolver, path

from holdord.desk.views import (
    board,
    conversation,
    customers,
    deeds,
    inserting,
    lists,
    me,
    promises,
    requests,
    search,
    setup,
    standing,
    writing,
)
from holdord.desk.views.settings import (
    channels,
    contact_form,
    executors,
    inboxes,
    people,
    pools,
    programs,
    start,
    texts,
    uploads,
    working_times,
)
from holdord.desk.views.settings import customers as customer_settings

app_name = "desk"

_lists: list[URLPattern] = [
    path("", lists.front, name="front"),
    path("next/", lists.next_up, name="next"),
    path("lists/<str:which>/", lists.conversations, name="list"),
    path("inboxes/<int:pk>/", lists.inbox, name="inbox"),
    path("search/", search.search, name="search"),
    path("me/", me.me, name="me"),
    path("setup/", setup.setup, name="setup"),
    path("welcome/<int:pk>/<str:token>/", people.welcome, name="welcome"),
    path("clock/", conversation.move_clock, name="move_clock"),
    path("live/desk", lists.live_elsewhere, name="live"),
]

_conversations: list[URLPattern] = [
    path("conversations/new/", customers.begin, name="new_conversation"),
    path("conversations/<int:pk>/", conversation.conversation, name="conversation"),
    path("conversations/<int:pk>/visitor/", conversation.visitor, name="visitor"),
    path("conversations/<int:pk>/case/", conversation.case_page, name="case_page"),
    path("conversations/<int:pk>/messages/", writing.write, name="write"),
    path("conversations/<int:pk>/messages/<int:message_pk>/undo/", writing.undo_reply, name="undo_reply"),
    path("conversations/<int:pk>/messages/<int:message_pk>/retry/", writing.retry, name="retry"),
    path("conversations/<int:pk>/draft/", writing.draft, name="draft"),
    path("conversations/<int:pk>/draft/guard/", writing.look_over, name="look_over"),
    path("conversations/<int:pk>/draft/promise/", promises.capture, name="capture"),
    path("conversations/<int:pk>/texts/", inserting.insertable, name="insertable"),
    path("conversations/<int:pk>/promises/", promises.promise, name="promise"),
    path("conversations/<int:pk>/promises/<int:promise_pk>/draft/end/", promises.drop_draft, name="drop_draft"),
    path("conversations/<int:pk>/promises/<int:promise_pk>/keeping/", promises.keeping, name="keeping"),
    path("conversations/<int:pk>/promises/<int:promise_pk>/release/", promises.release, name="release"),
    path("conversations/<int:pk>/ownership/", standing.take, name="take"),
    path("conversations/<int:pk>/hand-over/", standing.hand_over, name="hand_over"),
    path("conversations/<int:pk>/snooze/", standing.snooze, name="snooze"),
    path("conversations/<int:pk>/snooze/end/", standing.wake, name="wake"),
    path("conversations/<int:pk>/closing/", standing.closing, name="closing"),
    path("conversations/<int:pk>/closing/end/", standing.reopening, name="reopening"),
    path("conversations/<int:pk>/closing/agreement/", standing.leave_closed, name="leave_closed"),
    path("conversations/<int:pk>/dismissal/", standing.dismissal, name="dismissal"),
    path("conversations/<int:pk>/dismissal/end/", standing.dismissal_undo, name="dismissal_undo"),
    path("conversations/<int:pk>/block/", standing.block, name="block"),
    path("conversations/<int:pk>/case-link/", standing.new_link, name="new_link"),
    path("conversations/<int:pk>/requests/new/", deeds.ask, name="ask"),
    path("conversations/<int:pk>/merge/", customers.merge, name="merge"),
    path("conversations/<int:pk>/merge/<int:merge_pk>/end/", customers.undo, name="undo_merge"),
]

_requests: list[URLPattern] = [
    path(f"conversations/<int:pk>/requests/<int:request_pk>/{deed}/", view, name=name)
    for deed, view, name in (
        ("confirmation", requests.confirm_request, "confirm_request"),
        ("dismissal", requests.dismiss_request, "dismiss_request"),
        ("completion", requests.request_done, "request_done"),
        ("withdrawal", requests.withdraw_request, "withdraw_request"),
        ("still-asked", requests.still_asked, "still_asked"),
        ("deed", deeds.carry_out, "carry_out"),
        ("deed/again", deeds.try_again, "try_deed_again"),
        ("deed/end", deeds.undo, "undo_request"),
        ("refusal", deeds.refuse, "refuse_request"),
        ("proof", deeds.proof, "proof"),
    )
]

_board: list[URLPattern] = [
    path("board/", board.board, name="board"),
    path("board/pools/<int:pk>/tellings/", board.tell_pool, name="tell_pool"),
    path("board/tellings/<int:pk>/", board.show_telling, name="telling"),
    path("board/people/<int:pk>/work/", board.share_out, name="share_out"),
    path("conversations/<int:pk>/owner/", board.assign, name="assign"),
    path("conversations/<int:pk>/promises/<int:promise_pk>/move/", board.move_promise, name="move_promise"),
]

_settings: list[URLPattern] = [
    path("settings/", start.start, name="settings"),
    path("settings/channels/", channels.channels, name="channels"),
    path("settings/mailboxes/new/", channels.mailbox, name="new_mailbox"),
    path("settings/mailboxes/<int:pk>/", channels.mailbox, name="mailbox"),
    path("settings/quarantine/", channels.quarantine, name="quarantine"),
    path("settings/quarantine/<int:pk>/", channels.try_again, name="try_again"),
    path("settings/inboxes/", inboxes.inboxes, name="inboxes"),
    path("settings/inboxes/new/", inboxes.new_inbox, name="new_inbox"),
    path("settings/inboxes/<int:pk>/hours/", inboxes.hours, name="hours"),
    path("settings/inboxes/<int:pk>/look/", inboxes.look, name="look"),
    path("settings/inboxes/<int:pk>/days/", inboxes.add_day, name="add_day"),
    path("settings/inboxes/<int:pk>/days/<int:day_pk>/end/", inboxes.remove_day, name="remove_day"),
    path("settings/inboxes/<int:pk>/form/", contact_form.contact_form, name="contact_form"),
    path("settings/inboxes/<int:pk>/form/fields/", contact_form.add_field, name="add_form_field"),
    path(
        "settings/inboxes/<int:pk>/form/fields/<int:field_pk>/place/", contact_form.move_field, name="move_form_field"
    ),
    path(
        "settings/inboxes/<int:pk>/form/fields/<int:field_pk>/end/", contact_form.remove_field, name="remove_form_field"
    ),
    path("settings/inboxes/<int:pk>/form/sites/", contact_form.add_site, name="add_form_site"),
    path("settings/inboxes/<int:pk>/form/sites/<int:site_pk>/end/", contact_form.remove_site, name="remove_form_site"),
    path("settings/inboxes/<int:pk>/form/originals/", contact_form.originals, name="originals"),
    path("settings/inboxes/<int:pk>/form/visitors/", contact_form.chat_secret, name="chat_secret"),
    path("settings/pledges/", inboxes.pledges, name="pledges"),
    path("settings/executors/", executors.executors, name="executors"),
    path("settings/executors/<int:pk>/<slug:kind>/", executors.executor, name="executor"),
    path("settings/executors/<int:pk>/<slug:kind>/secret/", executors.new_secret, name="new_secret"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/new/", people.invite, name="invite"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/times/", working_times.working_times, name="working_times"),
    path("settings/people/<int:pk>/absences/", working_times.add_absence, name="add_absence"),
    path(
        "settings/people/<int:pk>/absences/<int:absence_pk>/end/", working_times.remove_absence, name="remove_absence"
    ),
    path("settings/people/<int:pk>/link/", people.new_password_link, name="new_password_link"),
    path("settings/teams/", people.teams, name="teams"),
    path("settings/teams/<int:pk>/", people.team, name="team"),
    path("settings/blocked/", customer_settings.blocked, name="blocked"),
    path("settings/blocked/<int:pk>/end/", customer_settings.unblock, name="unblock"),
    path("settings/import/", customer_settings.bring_in, name="import"),
    path("settings/orders/", uploads.uploads, name="uploads"),
    path("settings/orders/<int:pk>/", uploads.upload, name="upload"),
    path("settings/orders/<int:pk>/beginning/", uploads.begin, name="begin_upload"),
    path("settings/orders/<int:pk>/end/", uploads.stop, name="stop_upload"),
    path("settings/texts/", texts.texts, name="texts"),
    path("settings/texts/new/", texts.new_text, name="new_text"),
    path("settings/texts/new/<slug:kind>/<slug:language>/", texts.write_text, name="write_text"),
    path("settings/texts/<int:pk>/<slug:language>/", texts.text, name="text"),
    path("settings/texts/<int:pk>/<slug:language>/over/", texts.incident_over, name="incident_over"),
    path("settings/texts/<int:pk>/<slug:language>/end/", texts.withdraw_text, name="withdraw_text"),
    path("settings/pools/", pools.pools, name="pools"),
    path("settings/pools/<int:pk>/name/", pools.rename, name="rename_pool"),
    path("settings/programs/", programs.programs, name="programs"),
    path("settings/programs/<int:pk>/end/", programs.revoke, name="revoke_token"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_lists, *_conversations, *_requests, *_board, *_settings]
