"""The adapters to the outside world: what comes in is on disk before anybody is told that we have it, and is read
after; what goes out is taken from the outbox of `conversations` and handed to a mail server.
"""
