"""The contact form: what it asks, in which words, and where it may stand. Filled in on the pages of `portal`."""
