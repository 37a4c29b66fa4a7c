"""How programs sign in, and what makes their requests safe to repeat."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.api.scopes import Scope


class ApiKey(models.Model):
    """A person's key for a program: `livia_<prefix>_<secret>`, of which the secret is kept as a digest alone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("whose")
    )
    name = models.CharField(_("what for"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=24, choices=Scope), verbose_name=_("may"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    last_used_from = models.GenericIPAddressField(_("network address"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.name


class TokenFamily(models.Model):
    """One sign-in of a program by password, and all tokens that descend from it: what is revoked, is revoked whole.

    Of its refresh tokens only the youngest, `refresh_id`, is good; an older one that comes back was stolen, or its
    thief was faster.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_families", verbose_name=_("whose")
    )
    refresh_id = models.UUIDField(editable=False)
    created_at = models.DateTimeField(_("signed in"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    revoked_why = models.CharField(max_length=20, blank=True, editable=False)  # logout, reuse, everywhere, password, …
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True, editable=False)
    program = models.CharField(_("program"), max_length=160, blank=True, editable=False)  # its User-Agent

    class Meta:
        verbose_name = _("token sign-in")
        verbose_name_plural = _("token sign-ins")
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["expires_at"], name="token_family_ends")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d %H:%M}"


class Repeatable(models.Model):
    """A request that carried an Idempotency-Key, and its answer: asked again, it is answered and not done again.

    Written in the transaction of what it did: either both are there or neither.
    """

    owner = models.CharField(max_length=80)  # user:<id>, key:<id>, token (POST /api/leads), hook:<id>
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of method, path and body
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    lead_id = models.BigIntegerField(null=True)  # whose data the body holds; goes with its erasure
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="repeatable_once")]
        indexes = [
            models.Index(fields=["created_at"], name="repeatable_age"),
            models.Index(fields=["lead_id"], condition=~models.Q(lead_id=None), name="repeatable_of_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"
