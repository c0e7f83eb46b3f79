"""Tables that grow with every mail, promise and order have one index for each question."""

import pytest
from django.db import connection, models

from holdord.channels.models import Delivery
from holdord.conversations.models import Conversation, Heard, Message, Participant
from holdord.conversations.models.meaning import Alike, Meaning
from holdord.orders.models import Order, OrderEvent, UploadLine
from holdord.promises.models import (
    Place,
    Promise,
    PromisedDay,
    PromisedWork,
    Reservation,
    RiskWarning,
    ToTell,
)

GROWING = [
    Conversation, Message, Participant, Delivery, Heard, Alike, Meaning, Promise, PromisedWork, PromisedDay, Reservation,
    Place, RiskWarning, ToTell, Order, OrderEvent, UploadLine,
]  # fmt: skip


def beginnings(model: type[models.Model]) -> set[str]:
    """The columns that an index over several, without a condition, begins with."""
    lists = [index.fields for index in model._meta.indexes if index.condition is None]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None:
            lists.append(list(constraint.fields))
    several = [names for names in [*lists, *map(list, model._meta.unique_together)] if len(names) > 1]
    return {model._meta.get_field(names[0].lstrip("-")).column for names in several}


@pytest.mark.django_db
@pytest.mark.parametrize("model", GROWING, ids=lambda model: model.__name__)
def test_no_index_of_one_column_begins_another(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    alone = {
        tuple(one["columns"]): name
        for name, one in found.items()
        if one["index"] and not one["unique"] and len(one["columns"]) == 1
    }
    assert [name for (column,), name in alone.items() if column in beginnings(model)] == []
