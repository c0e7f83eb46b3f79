"""What takes memory and is not everybody's is read when somebody asks for it."""

import os
import subprocess
import sys

_STARTED = """
import sys, django
django.setup()
from django.test import RequestFactory
from django.urls import resolve, reverse
import holdord.config.asgi, holdord.config.server, holdord.config.worker
resolve("/next/"), reverse("desk:board")
print("ninja" in sys.modules)
from holdord.config.middleware import programs_have_addresses_of_their_own as sorts
request = RequestFactory().get("/api/v1/orders")
sorts(lambda request: None)(request)
print(resolve("/api/v1/orders", urlconf=request.urlconf).url_name is not None, "ninja" in sys.modules)
print(resolve("/next/", urlconf=request.urlconf).func is resolve("/next/").func)
"""


def test_a_desk_that_no_program_asks_does_not_load_what_programs_need() -> None:
    environment = {**os.environ, "HOLDORD_DEMO": "yes", "DJANGO_SETTINGS_MODULE": "holdord.config.settings"}
    done = subprocess.run([sys.executable, "-c", _STARTED], capture_output=True, text=True, timeout=60, env=environment)
    assert done.stdout.split() == ["False", "True", "True", "True"], done.stderr
