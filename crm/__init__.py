"""Lívia CRM's project package: settings, composition, and the ground every app stands on."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
