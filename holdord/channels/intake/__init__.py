"""From an arrival to a message in its conversation. Reading comes first and touches no table; then each mail is put
where it belongs, twenty in a transaction with a savepoint each, so that one bad mail never stops the next.
"""
