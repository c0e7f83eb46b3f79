"""The desk in a real browser: the keyboard alone, the undo window, drafts, and what arrives while one looks."""

import re

import pytest
from playwright.sync_api import Page, expect

from holdord.conversations import actions
from holdord.conversations.models import Draft, Message, Outgoing, Status
from holdord.kernel import clock as the_clock
from tests.browser.conftest import Stage
from tests.conftest import MovableClock

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def opened(stage: Stage) -> Page:
    page = stage.page()
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/")
    return page


def test_the_keyboard_alone_walks_opens_answers_and_undoes(stage: Stage) -> None:
    page = stage.page()
    page.keyboard.press("j")
    expect(page.locator("#list .next:focus .name")).to_contain_text("Jørgen Lindholm")
    page.keyboard.press("Enter")
    expect(page.locator("#talk-title")).to_be_focused()
    expect(page.locator("#talk-title")).to_have_text("Boksen virker ikke")
    expect(page).to_have_url(re.compile(f"/conversations/{stage.first.conversation_id}/"))
    page.keyboard.press("r")
    expect(page.locator("#draft")).to_be_focused()
    page.keyboard.type("Hej Jørgen. Du får en ny boks i dag.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Sent to Jørgen Lindholm.")
    expect(page.locator(".msg.out").last).to_contain_text("Du får en ny boks i dag.")
    page.locator("#talk-title").focus()
    page.keyboard.press("z")
    expect(page.locator("#toasts")).to_contain_text("Taken back")
    expect(page.locator("#draft")).to_have_value("Hej Jørgen. Du får en ny boks i dag.")
    assert Outgoing.objects.get(message__is_automatic=False).state == "undone"


def test_one_sends_and_opens_the_next_with_one_key(stage: Stage) -> None:
    page = opened(stage)
    page.locator("#draft").fill("Du får en ny boks i dag.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#talk-title")).to_have_text("Svar om lån, konto og forsikring")
    assert Message.objects.filter(text="Du får en ny boks i dag.").count() == 1


def test_what_the_guard_holds_back_stays_on_the_screen(stage: Stage) -> None:
    page = opened(stage)
    page.locator("#draft").fill("Se vedhæftede fil.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".composer [role=alert]")).to_contain_text("Look at what is marked")
    expect(page.locator("#talk-title")).to_have_text("Boksen virker ikke")
    expect(page.locator("#draft")).to_have_value("Se vedhæftede fil.")
    assert not Message.objects.filter(text="Se vedhæftede fil.").exists()
    page.get_by_role("button", name="Send as it is").click()
    expect(page.locator("#toasts")).to_contain_text("Sent to Jørgen Lindholm.")
    assert Message.objects.filter(text="Se vedhæftede fil.").count() == 1


def test_single_keys_are_only_letters_inside_a_field(stage: Stage) -> None:
    page = opened(stage)
    page.locator("#draft").focus()
    page.keyboard.type("jkse?")
    expect(page.locator("#draft")).to_have_value("jkse?")
    expect(page.locator("#help")).to_be_hidden()


def test_the_keys_are_shown_and_closed_again(stage: Stage) -> None:
    page = opened(stage)
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()


def test_search_opens_with_a_key_and_finds(stage: Stage) -> None:
    page = opened(stage)
    page.keyboard.press("Control+k")
    page.keyboard.type("spærret")
    expect(page.locator("#palette .cmds")).to_contain_text("Kortet er spærret")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#talk-title")).to_have_text("Kortet er spærret")


def test_a_draft_is_kept_while_one_writes(stage: Stage) -> None:
    page = opened(stage)
    page.locator("#draft").fill("Kære Jørgen")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved")
    assert Draft.objects.get().text == "Kære Jørgen"
    page.reload()
    expect(page.locator("#draft")).to_have_value("Kære Jørgen")


def test_closing_asks_for_the_reason_in_a_dialog(stage: Stage) -> None:
    page = opened(stage)
    page.keyboard.press("e")
    expect(page.locator("#close")).to_be_visible()
    page.locator("#close-reason").fill("Boksen er byttet.")
    page.locator("#close .btn.main").click()
    expect(page.locator("#toasts")).to_contain_text("Closed, and the customer is told.")
    stage.first.conversation.refresh_from_db()
    assert stage.first.conversation.status == Status.CLOSED


def test_a_refused_act_says_why_and_the_page_stays(stage: Stage) -> None:
    page = opened(stage)
    page.locator("#draft").fill("Hej")
    page.locator("[data-send]").click()
    expect(page.locator(".msg.out").last).to_contain_text("Hej")
    page.locator("#talk-title").focus()
    page.keyboard.press("e")
    page.locator("#close-reason").fill("Færdig")
    page.locator("#close .btn.main").click()
    expect(page.locator("#toasts")).to_contain_text("has not left yet")
    expect(page.locator("#talk-title")).to_have_text("Boksen virker ikke")


def test_a_note_is_tinted_and_stays_inside(stage: Stage) -> None:
    page = opened(stage)
    page.keyboard.press("n")
    expect(page.locator("#draft")).to_be_focused()
    page.keyboard.type("Ring til lageret")
    expect(page.locator("[data-send]")).to_contain_text("Save the note")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg.note").last).to_contain_text("Ring til lageret")


def test_what_is_being_written_survives_a_message_that_arrives(stage: Stage) -> None:
    page = opened(stage)
    page.locator("#draft").fill("Halvt skrevet")
    stage.desk.writes(
        "Der er mere.", by="jorgen.lindholm@post.example", conversation=stage.first.conversation, trust="verified"
    )
    page.evaluate(
        "number => document.body.dispatchEvent(new CustomEvent('holdord:stale', "
        "{detail: {parts: [`conversation:${number}`]}}))",
        stage.first.conversation_id,
    )
    expect(page.locator(".msg.in").last).to_contain_text("Der er mere.")
    expect(page.locator("#draft")).to_have_value("Halvt skrevet")


def test_the_list_waits_while_the_pointer_is_on_it(stage: Stage) -> None:
    page = opened(stage)
    page.locator("#list .next").first.hover()
    stage.desk.writes("Ny", by="ny@post.example", name="Ny Kunde", subject="Ny sag")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('holdord:stale', {detail: {parts: ['next']}}))")
    expect(page.locator("[data-apply]")).to_be_visible()
    expect(page.locator("#list")).not_to_contain_text("Ny Kunde")
    page.locator("[data-apply]").click()
    expect(page.locator("#list")).to_contain_text("Ny Kunde")


def test_a_letter_in_a_frame_runs_nothing(stage: Stage) -> None:
    message = stage.desk.writes(
        "", by="eve@post.example", html="<p id=x>Hej</p><script>top.document.title='stolen'</script>", reply_text=""
    )
    page = stage.page()
    page.goto(f"{stage.address}/conversations/{message.conversation_id}/")
    expect(page.frame_locator(".letter").locator("#x")).to_have_text("Hej")
    assert "stolen" not in page.title()


def test_without_script_the_desk_still_answers(stage: Stage) -> None:
    context = stage.open_browser(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{stage.address}/account/login/")
    page.fill("[name=login]", stage.maja.email)
    page.fill("[name=password]", "pw-for-tests-1")
    page.click("button.main")
    page.click("#list .next >> nth=0")
    page.fill("#draft", "Uden script")
    page.click("[data-send]")
    expect(page.locator(".msg.out").last).to_contain_text("Uden script")
    assert Message.objects.filter(text="Uden script").count() == 1


def test_the_case_page_works_without_script(stage: Stage) -> None:
    page = stage.open_browser(java_script_enabled=False).new_page()
    page.goto(f"{stage.case_link()}?lang=en")
    page.fill("textarea", "Her er nummeret: 4711")
    page.click("main form .btn.main")
    expect(page.locator(".undo")).to_contain_text("We have your message.")
    expect(page.locator(".line")).to_contain_text("4711")


def test_pages_are_light(stage: Stage) -> None:
    """The desk under 120 kB compressed with all it loads, a case page under 40."""
    assert _weight(stage, stage.page(), f"{stage.address}/conversations/{stage.first.conversation_id}/") < 120_000
    assert _weight(stage, stage.page(logged_in=False), stage.case_link()) < 40_000


def _weight(stage: Stage, page: Page, address: str) -> int:
    import gzip

    sizes: dict[str, int] = {}

    def weigh(response) -> None:  # type: ignore[no-untyped-def]
        if "/live" not in response.url and response.ok:
            sizes[response.url] = len(gzip.compress(response.body()))

    page.on("response", weigh)
    page.goto(address)
    page.wait_for_load_state("networkidle") if "case" in address else page.wait_for_timeout(500)
    return sum(sizes.values())


def test_offline_is_said_and_sending_is_off(stage: Stage) -> None:
    page = opened(stage)
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_contain_text("You are offline.")
    expect(page.locator("[data-send]")).to_have_attribute("aria-disabled", "true")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_have_count(0)


def test_the_customer_opens_over_the_conversation_on_a_narrower_screen(stage: Stage) -> None:
    page = stage.page(viewport={"width": 1024, "height": 800})
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/")
    expect(page.locator("#customer")).to_be_hidden()
    page.keyboard.press("i")
    expect(page.locator("#customer")).to_contain_text("jorgen.lindholm@post.example")
    page.keyboard.press("Escape")
    expect(page.locator("#customer")).to_be_hidden()


def test_a_promise_of_ones_own_that_becomes_at_risk_is_announced(stage: Stage, clock: MovableClock) -> None:
    hers = Message.objects.get(subject="Svar om lån, konto og forsikring").conversation
    actions.take(hers, by=stage.maja, now=clock.now())
    page = opened(stage)
    expect(page.locator(f"[id^=row-{hers.pk}-] .next")).to_have_attribute("data-state", "open")
    clock.moves_to("Thu 14:00")
    stage.desk.writes("Ny", by="ny@post.example", name="Ny Kunde", subject="Ny sag")
    page.mouse.move(900, 5)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('holdord:stale', {detail: {parts: ['next']}}))")
    expect(page.locator("#live-alarm")).to_have_text("At risk, and yours: Ingrid Solheim")
    expect(page.locator("#live-words")).to_contain_text("Ny Kunde")
    expect(page.locator("#count-next")).to_have_text("6")


def forty_more(stage: Stage) -> None:
    for number in range(40):
        Message.objects.create(
            conversation=stage.first.conversation,
            kind="inbound",
            channel="email",
            identity=stage.first.identity,
            text=f"Brev {number}",
            language="da",
            at=the_clock.now(),
        )


def test_a_link_to_an_old_message_opens_it_in_a_long_conversation(stage: Stage) -> None:
    forty_more(stage)
    page = opened(stage)
    first = page.locator(f"#message-{stage.first.pk}")
    expect(first).to_have_class("sys folded")
    page.goto("about:blank")
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/#message-{stage.first.pk}")
    expect(first).to_have_class("msg in")
    expect(first).to_be_in_viewport()


def test_a_folded_message_is_opened_with_the_keyboard(stage: Stage) -> None:
    forty_more(stage)
    page = opened(stage)
    page.get_by_role("link", name=re.compile("Brev 3$")).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".msg .body").get_by_text("Brev 3", exact=True)).to_be_in_viewport()
    expect(page.locator(".folded")).to_have_count(0)


def test_a_draft_the_server_never_got_outlives_its_tab(stage: Stage) -> None:
    context = stage.page().context
    address = f"{stage.address}/conversations/{stage.first.conversation_id}/"
    first = context.new_page()
    first.goto(address)
    first.route("**/draft/", lambda route: route.abort())
    first.locator("#draft").fill("Kære Jørgen, du får")
    expect(first.locator("[data-draft-state]")).to_have_text("Kept on this computer")
    first.close()
    second = context.new_page()
    second.goto(address)
    expect(second.locator("#draft")).to_have_value("Kære Jørgen, du får")
    expect(second.locator("[data-draft-state]")).to_contain_text("Draft saved")
    second.reload()
    assert second.evaluate(
        """() => new Promise((resolve) => {
            const asked = indexedDB.open("holdord");
            asked.onsuccess = () => {
                const all = asked.result.transaction("drafts").objectStore("drafts").getAll();
                all.onsuccess = () => resolve(all.result.length);
            };
        })"""
    ) == 0  # fmt: skip


def test_a_reply_that_does_not_arrive_is_said_and_stays(stage: Stage) -> None:
    page = stage.page()
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/")
    page.locator("#draft").fill("Hej Jørgen\n\nDu får en ny boks i morgen.")
    page.route("**/messages/", lambda route: route.abort("connectionrefused"))
    page.locator("#draft").press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Nothing was sent, and what you wrote is still here")
    expect(page.locator("#draft")).to_have_value("Hej Jørgen\n\nDu får en ny boks i morgen.")
    page.unroute("**/messages/")
    page.route("**/messages/", lambda route: route.fulfill(status=502, body="bad gateway"))
    page.locator("#draft").press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("That did not work")
    expect(page.locator("#draft")).to_have_value("Hej Jørgen\n\nDu får en ny boks i morgen.")
