"""The admin pages of leads, a module for what belongs together."""

from leads.admin import imports, leads, people, pipeline, records, users

__all__ = ["imports", "leads", "people", "pipeline", "records", "users"]
