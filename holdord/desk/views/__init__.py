"""Views of the desk: load for this person, validate, one action, answer."""
