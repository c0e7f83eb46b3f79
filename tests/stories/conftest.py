"""A stage for stories: the desk, its listener, and the mail server that catches what it sends."""

import pytest

from tests.channels.conftest import listener
from tests.factories import small_desk
from tests.stories.cast import Stage

__all__ = ["listener", "stage"]


@pytest.fixture
def stage(transactional_db, clock, sink, listener, settings) -> Stage:
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", sink.port, "none"
    return Stage(small_desk(), sink, clock, listener)
