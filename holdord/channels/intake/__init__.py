"""From an arrival to a message in its conversation. Reading comes first and touches no table; then each mail is put
where it belongs, twenty in a transaction; if one of them can't be stored, each alone, so that it never stops the next.
"""
