"""WSGI entry: pages and API."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
application = get_wsgi_application()

from crm.monitoring.serving import web_begin  # noqa: E402
from crm.production import refuse_demo_logins  # noqa: E402

refuse_demo_logins()
web_begin()
