import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")

# What a start makes stays for as long as the worker: to look there for garbage would cost a tenth
# of the start, and later tens of milliseconds of a request now and then.
gc.disable()
application = get_wsgi_application()
gc.freeze()
gc.enable()
