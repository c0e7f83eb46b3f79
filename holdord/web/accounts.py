"""Logging in. Agents are made by administrators: nobody signs up alone."""

from typing import Any

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy

_OUR_WORDS = {"account/messages/password_changed.txt": gettext_lazy("Your new password holds from now on.")}


class AgentsOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth comes without types
    """Nobody makes an account by themselves."""

    # allauth's own words blame and regret in some languages; these are ours.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("This address and password do not belong together. Try again."),
        "enter_current_password": gettext_lazy("That is not your password now. Try again."),
        "too_many_login_attempts": gettext_lazy(
            "To protect the accounts here, the login waits for a few minutes. Then you can try again."
        ),
    }

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002 - allauth's signature
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only what is not seen anyway, in our words: who logs in sees the desk, who logs out the login."""
        words = message or _OUR_WORDS.get(message_template or "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False


def cannot_get_in(request: HttpRequest) -> HttpResponse:
    """Who to ask when the password is lost."""
    return render(request, "account/cannot_get_in.html")


def not_offered(request: HttpRequest, **_: Any) -> HttpResponse:
    """A page that allauth names in its redirects and that this desk does not have."""
    raise Http404


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/lost/", cannot_get_in, name="account_reset_password"),
    path("password/set/", not_offered, name="account_set_password"),
    path("signup/", not_offered, name="account_signup"),
    path("email/", not_offered, name="account_email"),
    path("reauthenticate/", not_offered, name="account_reauthenticate"),
    path("confirm-email/", not_offered, name="account_email_verification_sent"),
]
