"""What every page is wrapped in: headers, static files, languages, faults; and logging in."""

import gzip
import re

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from holdord.config.bridge import TOO_LARGE
from holdord.people.models import Agent, Role
from holdord.web import faults
from holdord.web.static_files import fingerprint, static

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Agent:
    cache.clear()
    return Agent.objects.create_user(
        "maja@lysbro.example", "en lang sætning", name="Maja Thomsen", role=Role.ADMINISTRATOR
    )


def log_in(browser: Client, password: str, **more: object):  # type: ignore[no-untyped-def]
    return browser.post("/account/login/", {"login": "maja@lysbro.example", "password": password}, **more)


def test_a_person_logs_in_and_out(agent: Agent) -> None:
    browser = Client()
    assert log_in(browser, "en lang sætning").headers["Location"] == "/"
    assert browser.get("/next/").status_code == 200
    browser.post("/account/logout/")
    assert browser.get("/next/").status_code == 302


def test_a_wrong_password_is_said_and_the_mail_stays(agent: Agent) -> None:
    page = log_in(Client(), "falsk")
    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert 'value="maja@lysbro.example"' in page.text


def test_guessing_is_slowed_down_in_the_readers_language(agent: Agent) -> None:
    browser = Client()
    for _ in range(6):
        page = browser.post("/account/login/?lang=de", {"login": "maja@lysbro.example", "password": "falsk"})
    blocked = browser.post("/account/login/?lang=de", {"login": "maja@lysbro.example", "password": "en lang sætning"})
    assert "wartet die Anmeldung" in page.text + blocked.text
    assert browser.get("/next/").status_code == 302


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Go back in your browser"), ("da", "Gå tilbage i browseren"), ("de", "Gehen Sie im Browser zurück")],
)
def test_too_much_at_once_is_said_in_the_readers_language(language: str, words: str) -> None:
    answer = Client().post("/write/anything/", headers={"Accept-Language": language}, **{TOO_LARGE: True})
    assert (answer.status_code, words in answer.text) == (413, True)
    reply = Client().post("/conversations/1/messages/", headers={"HX-Request": "true"}, **{TOO_LARGE: True})
    assert (reply.status_code, reply.headers["HX-Retarget"]) == (413, "#toasts")
    assert Client().post("/api/v1/orders/", **{TOO_LARGE: True}).json()["type"].endswith(":too-large")


@pytest.mark.parametrize(
    ("button", "page"),
    [
        ("/case/abc/call-back/?lang=de", "/case/abc/?lang=de"),
        ("/case/abc/requests/3/undo/", "/case/abc/"),
        ("/settings/inboxes/1/look/", "/settings/inboxes/"),
    ],
)
def test_the_address_of_a_button_leads_to_its_page(agent: Agent, button: str, page: str) -> None:
    browser = Client()
    browser.force_login(agent)
    assert browser.get(button, follow=True).redirect_chain[-1] == (page, 302)


def test_nobody_makes_an_account_alone(agent: Agent) -> None:
    assert Client().get("/account/signup/").status_code == 404
    assert Client().post("/account/signup/", {"email": "x@y.example"}).status_code == 404


@pytest.mark.parametrize("page", ["/account/login/", "/account/password/lost/", "/nothing/"])
def test_only_our_own_files_may_run(agent: Agent, page: str) -> None:
    response = Client().get(page)
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert " style=" not in response.text
    assert not re.search(r"<script(?![^>]* src=)", response.text)
    assert not re.search(r"\son\w+=", response.text)


def test_the_language_is_asked_for_then_the_browsers(agent: Agent) -> None:
    assert '<html lang="da"' in Client().get("/account/login/?lang=da").text
    assert '<html lang="nb"' in Client().get("/account/login/", headers={"Accept-Language": "nn-NO,en;q=0.5"}).text
    assert '<html lang="en"' in Client().get("/account/login/", headers={"Accept-Language": "fr"}).text


def test_static_files_are_kept_for_a_year_and_packed(agent: Agent) -> None:
    response = Client().get(static("holdord.css"), headers={"Accept-Encoding": "gzip"})
    assert "immutable" in response.headers["Cache-Control"]
    assert b"@layer reset" in gzip.decompress(response.content)
    assert b"@layer reset" in Client().get(static("holdord.css")).content


def test_a_page_from_before_an_upgrade_gets_todays_file_and_asks_again(agent: Agent) -> None:
    response = Client().get(static("js/desk.js").replace(fingerprint(), "0" * 12))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/x/../../settings.py", "/static/x/no.css", "/static/"])
def test_there_are_no_other_files(agent: Agent, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_a_file_that_is_not_there_stops_the_page_from_being_written() -> None:
    with pytest.raises(KeyError):
        static("js/missing.js")


def test_scripts_ask_only_for_files_that_are_there() -> None:
    from holdord.web.static_files import _files

    files = _files()
    for name, file in files.items():
        for wanted in re.findall(rb'from "\./([\w.]+)"', file.plain):
            assert f"js/{wanted.decode()}" in files, f"{name} imports {wanted!r}"


def test_our_fault_gives_a_number_that_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    page = faults.our_fault(RequestFactory().get("/next/"))
    number = re.search(r"Fault ([0-9A-F]{4})", page.content.decode()).group(1)
    assert f"fault {number} at /next/" in caplog.text


def test_a_form_without_its_token_says_that_the_login_ran_out(agent: Agent) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(agent)
    page = browser.post("/me/", {"name": "X"})
    assert page.status_code == 403
    assert "Your login has run out" in page.text
