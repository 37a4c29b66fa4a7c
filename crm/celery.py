"""The Celery application. Tasks only carry ids; rows in PostgreSQL are the real queues."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

from crm.core import task_trace  # noqa: E402, F401
