"""Reading promises, and the time that can be kept."""

from holdord.promises.queries.answers import (
    AnswerOffer,
    answer_offer,
    drafted,
    handling_time,
    owes_answer,
    pledged_answer,
    promises_in,
    reply_leaves_at,
    running_answer,
    with_promises,
)
from holdord.promises.queries.capacity import (
    calendar_of_pool,
    dates_that_hold,
    earliest_in_pool,
    earliest_keepable,
    earliest_time,
    end_of_day,
    free_slots,
    leaving_with,
    load_of_team,
    on_the_grid,
    slot_of_day,
    those_that_give_way,
)
from holdord.promises.queries.delays import sought_from, times_for
from holdord.promises.queries.standing import stages_of
from holdord.promises.queries.terms import pools_for, refund_terms, terms_of, usual_terms, work_of

__all__ = [
    "AnswerOffer",
    "answer_offer",
    "calendar_of_pool",
    "dates_that_hold",
    "drafted",
    "earliest_in_pool",
    "earliest_keepable",
    "earliest_time",
    "end_of_day",
    "free_slots",
    "handling_time",
    "leaving_with",
    "load_of_team",
    "on_the_grid",
    "owes_answer",
    "pledged_answer",
    "pools_for",
    "promises_in",
    "refund_terms",
    "reply_leaves_at",
    "running_answer",
    "slot_of_day",
    "sought_from",
    "stages_of",
    "terms_of",
    "those_that_give_way",
    "times_for",
    "usual_terms",
    "with_promises",
    "work_of",
]
