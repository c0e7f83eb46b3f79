"""Who may ask what: tokens, their scopes, their inbox, their rate."""

import threading
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from holdord.api.problems import Problem, not_there, unreadable
from holdord.kernel import clock
from holdord.people.models import ApiToken, Inbox
from holdord.people.tokens import token_of


class TokenRequest(HttpRequest):
    """A request that came with a token."""

    auth: ApiToken


class TokenWith(HttpBearer):
    """Only a token that may do `scope`, and not more often than the limit."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ARG002 - the signature is django-ninja's
        """The token; None for one that opens nothing. Raises Problem for one that may not do this."""
        now = clock.now()
        found = token_of(token, now=now)
        if found is None:
            return None
        _rate.count(found.pk, now=now)
        if not found.may(self.scope):
            words = _("This token may not do this: it needs %(scope)s.") % {"scope": self.scope}
            raise Problem(403, "forbidden", words, scope=self.scope)
        return found


def inbox_for(token: ApiToken, slug: str | None) -> Inbox:
    """The inbox that is meant: the token's own, the one that is named, or the only one there is."""
    if token.inbox is not None:
        if slug not in (None, token.inbox.slug):
            raise not_there()
        return token.inbox
    if slug is not None:
        found = Inbox.objects.filter(slug=slug).first()
        if found is None:
            raise not_there()
        return found
    inboxes = list(Inbox.objects.all()[:2])
    if len(inboxes) != 1:
        raise unreadable("inbox", _("This token is for every inbox: name the one you mean."))
    return inboxes[0]


class _Rate:
    """Requests of each token in this minute, in this process: a brake for a program that runs wild, not a fee."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute, self._counts = 0, dict[int, int]()

    def count(self, token_id: int, *, now: datetime) -> None:
        minute = int(now.timestamp() // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            self._counts[token_id] = so_far = self._counts.get(token_id, 0) + 1
        if so_far > settings.API_PER_MINUTE:
            wait = max(1, 60 - int(now.timestamp() % 60))
            raise Problem(429, "too-many", _("Slower, please."), retry_after=wait)


_rate = _Rate()
