"""Who is who: the people who work here (agents, teams, roles, hours), the brands they answer for (inboxes and their
calendars), and the customers with every address they are known by. Merging two customers keeps a journal, so that it
can be undone exactly.
"""
