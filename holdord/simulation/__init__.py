"""What a desk's rules do to people who wait: arrivals, staff and patience from a scenario, worked off in simulated time
by the rules of `promises`, unchanged, and by three plain orders beside them. Reads no table and writes none.
"""
