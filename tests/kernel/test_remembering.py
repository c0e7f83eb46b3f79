"""Inside one transaction the same question is asked once; outside nothing is kept."""

from holdord.kernel.remembering import remembered, remembering


def test_nothing_is_remembered_outside_and_once_inside() -> None:
    asked: list[int] = []

    @remembered(lambda number: number)
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [double(1), double(1)] == [2, 2]
    with remembering():
        assert [double(1), double(1), double(2)] == [2, 2, 4]
    with remembering():
        double(1)
    assert asked == [1, 1, 1, 2, 1]
