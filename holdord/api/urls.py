"""The addresses for programs, and the document that describes them."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from holdord import __version__
from holdord.api import problems
from holdord.api.views import orders, pools, promises

api = NinjaAPI(
    title="Holdord",
    version="1",
    description="Orders, promises and capacity of a customer-service desk that keeps its word. Every refusal is a "
    "problem as RFC 9457 has it.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    openapi_extra={"info": {"x-release": __version__}},
)
problems.handlers(api)
for router in (orders.router, promises.router, pools.router):
    api.add_router("", router)


@csrf_exempt
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that is none of ours: refused as everything here is."""
    return problems.answer(problems.not_there())


urlpatterns = [path("api/v1/", api.urls), path("api/v1/<path:rest>", nothing_here)]
