"""Django's SQLite backend, with one lock for the writers of this process."""
