"""The second factor: codes of an app (TOTP, RFC 6238), and backup codes for when the phone is gone.

A session, or a token, is only made once the code was right, so that nothing else has to ask: `factor_needed` and
`factor_check` stand at every place where somebody signs in, and `RoleBackend.get_user` knows nobody who must have a
second factor and has none.
"""

import secrets
import time
from base64 import b32encode
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Exists, OuterRef
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from crm.accounts.events import AccessEnded
from crm.accounts.models import SecurityKind, User
from crm.accounts.security import security_event
from crm.core.facts import publish
from crm.core.work import service

BACKUP_CODES = 10
_APP, _BACKUP = "app", "backup"

# Whether a user of a queryset has a second factor.
HAS_FACTOR = Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True))


def factor_on(user: User) -> bool:
    """Whether this person has a second factor."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def factor_required(user: User) -> bool:
    """Whether this person may not be without one."""
    return bool(settings.MANAGERS_NEED_SECOND_FACTOR and user.is_manager)


def factor_needed(user: User) -> bool:
    """Whether a password alone does not sign this person in. Who must have a second factor and has none yet passes no
    check, and is led to make one by the sign-in page."""
    return factor_required(user) or factor_on(user)


def factor_check(user: User, code: str, request: Any) -> bool:
    """Whether this is a code of the person's app, or one of their backup codes. Each counts once; a wrong one counts
    as a wrong password does, up to the same lock. `request` is Django's or REST framework's."""
    request = getattr(request, "_request", request)
    credentials = {"username": user.email}
    if not AxesProxyHandler.is_allowed(request, credentials):
        request.axes_locked_out = True
        found = ""
    else:
        found = _code_use(user_id=user.pk, code=_plain(code))
    if found == _BACKUP:
        left = StaticToken.objects.filter(device__user=user).count()
        security_event(kind=SecurityKind.BACKUP_CODE_USED, user=user, request=request, left=left)
    if not found:
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return bool(found)


@service
def _code_use(*, user_id: int, code: str) -> str:
    """Under the lock of the device, so that a code sent twice at once is good once. A failure slows the next try
    down (django-otp), whatever network it comes from."""
    if code.isascii() and code.isdigit() and len(code) == 6:
        device = TOTPDevice.objects.select_for_update().filter(user_id=user_id, confirmed=True).first()
        return _APP if device and device.verify_token(code) else ""
    kept = StaticDevice.objects.select_for_update().filter(user_id=user_id).first()
    return _BACKUP if kept and kept.verify_token(_sealed(user_id, code)) else ""


def app_of(user: User, key: str) -> TOTPDevice:
    """The app that holds a key, not saved: it signs nobody in before `factor_confirm`."""
    return TOTPDevice(user=user, name="app", key=key)


def app_shows(app: TOTPDevice, code: str) -> bool:
    """Whether a new app shows this code; asked before anything else is used up."""
    code = _plain(code)
    totp = TOTP(app.bin_key, app.step, app.t0, app.digits)
    totp.time = time.time()
    return code.isascii() and code.isdigit() and bool(totp.verify(int(code), app.tolerance))


@service
def factor_confirm(*, user: User, key: str, code: str, request: Any) -> list[str]:
    """Switch the second factor on, or over to another phone: the backup codes, or nothing if the code is not right.
    Every other session and token of the person ends."""
    User.objects.select_for_update().get(pk=user.pk)
    app = app_of(user, key)
    if not app_shows(app, code):
        return []
    TOTPDevice.objects.filter(user=user).delete()
    app.verify_token(_plain(code))  # saves it, and that this code was used
    security_event(kind=SecurityKind.FACTOR_ADDED, user=user, by=user, request=request)
    publish(AccessEnded(user_id=user.pk, why="factor"))
    return backup_codes_renew(user=user)


@service
def backup_codes_renew(*, user: User) -> list[str]:
    """Ten new backup codes, shown this once; the old ones no longer count."""
    device, _created = StaticDevice.objects.get_or_create(user=user, defaults={"name": "backup"})
    device.token_set.all().delete()
    codes = [f"{secrets.randbelow(10**10):010d}" for _ in range(BACKUP_CODES)]  # digits, as phones' keyboards offer
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_sealed(user.pk, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def backup_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


@service
def factor_remove(*, user: User, by: User | None, request: Any = None) -> None:
    """Switch the second factor off; every session and token of the person ends. `by` is None at the command line."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    security_event(kind=SecurityKind.FACTOR_REMOVED, user=user, by=by, request=request)
    publish(AccessEnded(user_id=user.pk, why="factor"))


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()[:40]


def _sealed(user_id: int, code: str) -> str:
    """What is kept of a backup code: who reads the database cannot sign in with it."""
    digest = salted_hmac("crm.accounts.backup-code", f"{user_id}:{code}", algorithm="sha256").digest()
    return b32encode(digest[:10]).decode()
