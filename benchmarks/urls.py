from django.http import HttpResponse
from django.urls import path

from governance.urls import urlpatterns as product


def floor(request):
    """The least that an answer costs: a constant string through the same server and middleware."""
    return HttpResponse("ok")


urlpatterns = [path("floor/", floor), *product]
