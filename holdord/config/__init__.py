"""Settings, addresses and the two entry points (WSGI inside ASGI) of the desk."""
