"""Django as a WSGI application; `holdord.config.asgi` mounts it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdord.config.settings")
application = get_wsgi_application()
