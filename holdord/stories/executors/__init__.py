"""The systems that the demo's companies have beside their desk: a shop of subscriptions and an issuer of cards.

Processes of their own, that know nothing of the desk but what docs/executors.md says. They keep what they did in a
file, do each key once, and can be made slow: then they answer long after the deed.
"""
