"""Making it right after harm. A broken promise opens a recovery in the same transaction; it has an owner and begins
with an apology.
"""
