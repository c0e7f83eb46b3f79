"""Doing what customers ask for. Each kind of request has an executor: the shop's or bank's own system, called by
webhook, or a person with a promise. Each carrying out is a deed, done once however often it is tried, and undone for as
long as it can be.
"""
