"""What a text can do: the acts, by side, under the product's names."""

from enum import StrEnum
from typing import Final


class Side(StrEnum):
    """Who wrote the text."""

    CUSTOMER = "customer"
    AGENT = "agent"


class Act(StrEnum):
    """One thing a sentence does."""

    CANCEL_REQUEST = "cancel_request"
    REFUND_REQUEST = "refund_request"
    COMPLAINT = "complaint"
    REPEAT_CONTACT = "repeat_contact"
    QUESTION = "question"
    CALLBACK_REQUEST = "callback_request"
    CUSTOMER_DEADLINE = "customer_deadline"
    GDPR_REQUEST = "gdpr_request"
    ESCALATION_THREAT = "escalation_threat"
    GRATITUDE = "gratitude"
    PROMISE = "promise"
    APOLOGY = "apology"
    BLAME_SHIFT = "blame_shift"
    PROCESS_SPEAK = "process_speak"
    INSULT = "insult"
    REFUSAL_NO_REASON = "refusal_no_reason"
    RETENTION_PUSH = "retention_push"


ACTS_OF: Final = {
    Side.CUSTOMER: (
        Act.CANCEL_REQUEST,
        Act.REFUND_REQUEST,
        Act.COMPLAINT,
        Act.REPEAT_CONTACT,
        Act.QUESTION,
        Act.CALLBACK_REQUEST,
        Act.CUSTOMER_DEADLINE,
        Act.GDPR_REQUEST,
        Act.ESCALATION_THREAT,
        Act.GRATITUDE,
    ),
    Side.AGENT: (
        Act.PROMISE,
        Act.APOLOGY,
        Act.BLAME_SHIFT,
        Act.PROCESS_SPEAK,
        Act.INSULT,
        Act.REFUSAL_NO_REASON,
        Act.RETENTION_PUSH,
    ),
}
