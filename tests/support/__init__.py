"""The real things tests stand on: a PostgreSQL, a Dovecot, a mail server that catches, a whole desk as a process."""
