"""What several admins share."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Mixin: to look at. What the product writes changes through its own pages and services."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
