"""The addresses of the desk and those for programs. `config.middleware` takes these when a program asks: what the API
is made of is 12 MB, which a desk without programs never needs.
"""

from django.urls import include, path

from holdord.config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*urlpatterns, path("", include("holdord.api.urls"))]
