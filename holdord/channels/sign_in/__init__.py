"""Customers who want to see all their cases: a link by mail, good for twenty minutes and for one use. No password, no
cookie. Who asks learns nothing of whether we know an address; who owns the address does.
"""
