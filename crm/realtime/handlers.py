"""Somebody signed out, or is no longer who they were: their sockets have to prove themselves again. A notification
that goes to devices: its bell."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_noop

from crm.accounts.events import AccessEnded
from crm.accounts.models import User
from crm.api.events import TokenReused
from crm.core.doorbell import ring
from crm.core.facts import on
from crm.realtime.events import PushDue
from crm.realtime.models import PushSubscription
from crm.realtime.publish import notify
from crm.realtime.push import device_unsubscribe
from crm.realtime.services import rooms_recheck
from crm.realtime.tasks import push

DEVICE = "push_device"  # in a session: the subscription made from it
_OF_RIGHTS = {"is_active", "is_superuser", "password", "role", "sessions_epoch"}


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
        if isinstance(device := request.session.get(DEVICE), int):
            device_unsubscribe(user_id=user.pk, subscription_id=device)
        request.session.delete()  # Django tells before it ends the session, and the sockets look at once
        rooms_recheck([f"user.{user.pk}"])


@on(TokenReused, inside=True)
def _warn(fact: TokenReused) -> None:
    title = gettext_noop("A program of yours was signed out: its token was used twice")
    body = gettext_noop("Somebody may have copied it. If you do not know why, change your password.")
    notify([fact.user_id], kind="token_reused", title=title, body=body, url=reverse("accounts:account"))


@on(AccessEnded, inside=True)
def _devices_forgotten(fact: AccessEnded) -> None:
    """What went to a lost phone no longer does; a browser that is signed in again makes itself known again."""
    PushSubscription.objects.filter(user_id=fact.user_id).delete()


@on(PushDue)
def _push_soon(fact: PushDue) -> None:
    """A moment later, so that whoever is at a page sees it there. The doorbell; a lost one is found by the sweep."""
    ring(lambda: push.apply_async((fact.notification_id,), countdown=settings.PUSH_DELAY_SECONDS))
