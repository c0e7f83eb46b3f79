"""What the desk has written down: help articles, prepared replies and policies, each in several languages.

Nothing here reaches a customer before a person has published it, and nothing is published that would punish a customer.
"""
