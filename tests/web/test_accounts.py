"""Logging in, out and changing the password: in our words, in the reader's language, or without any."""

import pytest
from django.test import Client

from tests.conftest import MovableClock
from tests.factories import small_desk

pytestmark = pytest.mark.django_db
PASSWORD = "pw-for-tests-1"
CHANGED = {
    "da": "Din nye adgangskode gælder fra nu af.",
    "nb": "Det nye passordet ditt gjelder fra nå av.",
    "sv": "Ditt nya lösenord gäller från och med nu.",
    "de": "Ihr neues Passwort gilt ab jetzt.",
    "en": "Your new password holds from now on.",
}


@pytest.mark.parametrize("language", CHANGED)
def test_nobody_is_congratulated_on_logging_in(clock: MovableClock, language: str) -> None:
    alice = small_desk().agent("Alice", language=language)
    browser = Client()
    page = browser.post("/account/login/", {"login": alice.email, "password": PASSWORD}, follow=True)
    assert page.redirect_chain
    assert page.status_code == 200
    assert 'class="toast"' not in page.text
    browser.post("/account/logout/")
    page = browser.post("/account/login/", {"login": alice.email, "password": PASSWORD}, follow=True)
    assert 'class="toast"' not in page.text


@pytest.mark.parametrize("language", CHANGED)
def test_a_new_password_is_told_in_our_words(clock: MovableClock, language: str) -> None:
    alice = small_desk().agent("Alice", language=language)
    browser = Client()
    browser.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    new = "a-sentence-that-is-long"
    said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post("/account/password/change/", said).status_code == 302
    assert CHANGED[language] in browser.get("/next/").text
