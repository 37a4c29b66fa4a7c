from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    """Load and faults on purpose, for development: never part of a production start."""

    name = "crm.rehearsal"
    label = "rehearsal"
