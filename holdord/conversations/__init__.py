"""Conversations: one matter with one customer each, with its messages, notes, participants, and what leaves the house
(the outbox). It fills the outbox; channels empty it. It knows nothing of promises: they listen to what happens here.
"""
