"""People who sign in."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from crm.core.browsers import browser_of


class Role(models.TextChoices):
    CONSULTANT = "consultant", _("Consultant")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Administrator")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        if not email:
            raise ValueError("An e-mail address is required.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, role=Role.ADMIN, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A consultant, manager or administrator, who signs in by e-mail address."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.CONSULTANT)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(_("demo login"), default=False, editable=False)
    available = models.BooleanField(
        _("available"), default=True, help_text=_("Receives new leads. The switch in the top bar.")
    )
    available_changed_at = models.DateTimeField(_("availability changed"), null=True, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, blank=True)
    hints_seen = ArrayField(models.CharField(max_length=30), default=list, blank=True, editable=False)
    sessions_epoch = models.PositiveIntegerField(default=0, editable=False)  # another number ends every session
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args, **kwargs) -> None:
        self.email = self.email.lower()  # one address is one login, however it is written
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = self._loaded() - {"id", "sessions_epoch"}  # a stale copy revives no session
        super().save(*args, **kwargs)

    def _loaded(self) -> set[str]:
        return {field.attname for field in self._meta.concrete_fields} - self.get_deferred_fields()

    @property
    def is_manager(self) -> bool:
        """Sees every lead and runs the product: managers and administrators."""
        return self.is_superuser or self.role in (Role.MANAGER, Role.ADMIN)

    @property
    def is_staff(self) -> bool:
        """Django's name for who may enter the admin."""
        return self.is_active and self.is_manager

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session was signed in with, Django's hook: the password, and how often all sessions were ended."""
        known = f"{self.password}:{self.sessions_epoch}"
        return salted_hmac("crm.accounts.sessions", known, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


class Access(models.Model):
    """Who looked at a client's data, what they looked at, and when; a second look within the hour is the same row."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="accesses", verbose_name=_("who"))
    what = models.CharField(_("what"), max_length=20)  # lead, conversation, file, export, subject_export, …
    object_id = models.BigIntegerField(_("number"))
    lead_id = models.BigIntegerField(_("lead"), null=True, blank=True)
    hour = models.DateTimeField(editable=False)  # `at` cut to the hour
    times = models.PositiveIntegerField(_("times"), default=1)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("access to client data")
        verbose_name_plural = _("accesses to client data")
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["user", "what", "object_id", "hour"], name="access_once_an_hour")
        ]
        indexes = [
            models.Index(fields=["lead_id", "-at"], name="access_of_lead"),
            models.Index(fields=["-at"], name="access_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.what} {self.object_id}"


class SecurityKind(models.TextChoices):
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Wrong password or code")
    LOCKED = "locked", _("Locked after too many failures")
    SIGNED_OUT = "signed_out", _("Signed out")
    SIGNED_OUT_EVERYWHERE = "everywhere", _("Signed out everywhere")
    PASSWORD_CHANGED = "password", _("Password changed")
    FACTOR_ADDED = "factor_added", _("Second factor switched on")
    FACTOR_REMOVED = "factor_removed", _("Second factor switched off")
    BACKUP_CODE_USED = "backup_code", _("Backup code used")
    ROLE_CHANGED = "role", _("Role or access changed")
    KEY_CREATED = "key_created", _("API key created")
    KEY_REVOKED = "key_revoked", _("API key revoked")
    TOKEN_REUSED = "token_reused", _("A used token came back: sign-in revoked")
    WEBHOOK_CHANGED = "webhook", _("Webhook created or changed")


class SecurityEvent(models.Model):
    """What happened around somebody's access: written for good, read by administrators and by the person it is about.

    `address` is the network's, `program` the browser's User-Agent; `data` holds ids and words, never a secret, and of a
    failed sign-in never what was typed.
    """

    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=16, choices=SecurityKind)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="security_events", verbose_name=_("who")
    )
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    program = models.CharField(_("program"), max_length=160, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["-at", "-id"], name="security_latest"),
            models.Index(fields=["user", "-at"], name="security_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"

    @property
    def is_worrying(self) -> bool:
        """Whether whom it is about should look twice."""
        return self.kind in (SecurityKind.SIGN_IN_FAILED, SecurityKind.LOCKED, SecurityKind.TOKEN_REUSED)

    @property
    def browser(self) -> str:
        """The program in a word or two."""
        return browser_of(self.program)
