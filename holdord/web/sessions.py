"""Who is logged in: the session and the agent behind each request, looked up with SQL that is built once."""

from datetime import datetime
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from holdord.history.finding import Find
from holdord.people.models import Agent


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        # Django writes the end of a session by its own clock: moving the demo's clock logs nobody out.
        found = _SESSIONS.first(self.session_key or "", timezone.now())  # noqa: TID251 - see above
        if found is None:
            self._session_key = None
        return found


class AgentsByKey(AuthenticationBackend):  # type: ignore[misc]  # allauth comes without types
    """Allauth's login by address and password."""

    def get_user(self, user_id: Any) -> Agent | None:
        """The agent of a session, unless they have left."""
        found = _AGENTS.first(int(user_id))
        return found if found is not None and self.user_can_authenticate(found) else None


_SESSIONS = Find(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), str, datetime)
_AGENTS = Find(lambda pk: Agent.objects.filter(pk=pk), int)
