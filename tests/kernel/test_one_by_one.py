"""One that stumbles keeps no other waiting, and is named."""

import logging

import pytest

from holdord.kernel.one_by_one import one_by_one


def test_the_others_are_done_and_the_one_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("tests.one_by_one")
    assert one_by_one([4, 0, 2], lambda number: 12 // number, log=log, trouble="%s could not be shared") == [3, 6]
    assert [record.getMessage() for record in caplog.records] == ["0 could not be shared"]
    assert caplog.records[0].exc_info
