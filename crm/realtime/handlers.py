"""Somebody signed out, or is no longer who they were: their sockets have to prove themselves again."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from crm.accounts.models import User
from crm.realtime.services import rooms_recheck

_OF_RIGHTS = {"is_active", "is_superuser", "password", "role"}


@receiver(post_save, sender=User, dispatch_uid="realtime-user-saved")
def _user_saved(instance: User, created: bool, update_fields: frozenset[str] | None, **_: Any) -> None:
    if not created and (update_fields is None or _OF_RIGHTS & update_fields):
        rooms_recheck([f"user.{instance.pk}"])


@receiver(post_delete, sender=User, dispatch_uid="realtime-user-deleted")
def _user_deleted(instance: User, **_: Any) -> None:
    rooms_recheck([f"user.{instance.pk}"])


@receiver(user_logged_out, dispatch_uid="realtime-signed-out")
def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        request.session.delete()  # Django tells before it ends the session, and the sockets look at once
        rooms_recheck([f"user.{user.pk}"])
