"""Which version of hours, people and absences is in force."""

from django.db import models


class Roster(models.Model):
    """One row, whose version changes with everything that says when somebody works: inboxes and their hours and closing
    days, memberships, agents' hours, languages and absences.

    The database itself changes it, by triggers, whoever writes. The version is random, not a counter: after a rollback
    no other state can have the same one.
    """

    version = models.BigIntegerField()
