"""What we told customers we would do, and by when: given only if it can be kept, watched by a clock whose cost grows
with what is due, told to the customer before it is late, and broken in the open when nobody kept it.
"""
