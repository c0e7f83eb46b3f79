"""What a shop tells us of its orders. Each order has a conversation of its own and promises the customer a delivery,
checked against what can be sent and what is in stock; what becomes of it keeps, moves or breaks that promise.
"""
