"""Django settings. Values come from the environment through `crm.env`; `.env.example` explains each."""

import logging
from datetime import timedelta

from corsheaders.defaults import default_headers
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from crm import env
from crm.api.spectacular import SPECTACULAR_SETTINGS  # noqa: F401  (read by drf-spectacular)
from crm.env import BASE_DIR
from crm.otel import trace_to
from crm.production import (
    refuse_mail_from_nobody,
    refuse_odd_admin_path,
    refuse_odd_rates,
    refuse_open_backups,
    refuse_open_origins,
    refuse_unsafe,
)
from crm.schedule import schedule
from crm.theme import UNFOLD  # noqa: F401  (read by the admin theme)

# --- What kind of start this is -------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])
SIMULATOR_ENABLED = env.flag("SIMULATOR_ENABLED", DEBUG)
DEMO_ENABLED = env.flag("DEMO_ENABLED", DEBUG)
DEMO_PASSWORD = "livia-demo"  # known to everyone, which is why production refuses demo logins
refuse_unsafe(debug=DEBUG, secret_key=SECRET_KEY, simulator=SIMULATOR_ENABLED, demo=DEMO_ENABLED)

INSTALLED_APPS = [
    "daphne",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_structlog",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "corsheaders",
    "csp",
    "crm.core",
    "crm.accounts",
    "crm.api",
    "crm.realtime",
    "crm.alerts",
    "leads",
    "conversations",
    "whatsapp",
    "agent",
    "crm.analytics",
    "crm.exports",
    "crm.webhooks",
    "crm.backups",
    "crm.monitoring",
    "crm.summary",
    "crm.privacy",
    "crm.demo",
    *(["crm.rehearsal"] if DEBUG else []),
]

MIDDLEWARE = [
    "crm.monitoring.scrape.ScrapeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.core.measuring.MeasureMiddleware",
    "crm.core.request_trace.TraceMiddleware",
    "crm.core.middleware.PolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crm.core.request_trace.RequestLog",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.core.middleware.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "crm.urls"
ASGI_APPLICATION = "crm.asgi.application"
WSGI_APPLICATION = "crm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.context.frame",
            ],
        },
    },
]

# --- PostgreSQL, Redis ----------------------------------------------------------------------------------------------
# A pool, because connections kept by CONN_MAX_AGE leak under an ASGI server. The pool hands out checked connections.
DB_POOL_MAX = env.integer("DB_POOL_MAX", 25, least=1)
DB_POOL_TIMEOUT_SECONDS = env.number("DB_POOL_TIMEOUT_SECONDS", 3.0, least=0.1)
_DATABASE = env.database("DATABASE_URL")
DATABASES = {
    "default": {
        **_DATABASE,
        "ENGINE": "crm.core.postgresql",  # asks `SELECT 1` before a request gets a connection
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            # A page wants its first rows at once: helpers run ahead of a LIMIT, and take the cores from other requests.
            "options": "-c max_parallel_workers_per_gather=0",
            **_DATABASE.get("OPTIONS", {}),  # what the URL says after the question mark, such as a socket's folder
            "pool": {"min_size": 1, "max_size": DB_POOL_MAX, "timeout": DB_POOL_TIMEOUT_SECONDS},
        },
    }
}
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379")
REDIS_PREFIX = env.text("REDIS_PREFIX", "livia")
REDIS_BRIEF_SECONDS = env.number("REDIS_BRIEF_SECONDS", 0.3, least=0.05)
CACHES = {
    "default": {
        "BACKEND": "crm.core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
    }
}
CHANNEL_LAYERS = {
    "default": {
        # Pub/sub keeps sockets through a Redis restart; it stores nothing, which the event log makes harmless.
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": REDIS_PREFIX},
    }
}

# --- People ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "crm.accounts.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.BCryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "leads:board"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = env.integer("LOGIN_FAILURE_LIMIT", 8, least=1)
AXES_COOLOFF_TIME = timedelta(minutes=env.integer("LOGIN_COOLOFF_MINUTES", 15, least=1))
AXES_USERNAME_FORM_FIELD = "username"  # the form's name for it; the library guesses the model's and then finds nobody
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "crm.accounts.lockout.locked_response"
AXES_USERNAME_CALLABLE = "crm.accounts.lockout.name_of"
AXES_CLIENT_IP_CALLABLE = "crm.accounts.lockout.place_of"
AXES_DISABLE_ACCESS_LOG = True  # crm.accounts.security has its own
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)
ADMIN_PATH = env.text("ADMIN_PATH", "admin").strip("/")
refuse_odd_admin_path(ADMIN_PATH)
THROTTLE_SIGN_IN = env.text("THROTTLE_SIGN_IN", "2000/min" if DEBUG else "30/15min")
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
OTP_TOTP_ISSUER = "Lívia CRM"
SECURITY_KEEP_DAYS = env.number("SECURITY_KEEP_DAYS", 365.0, least=1.0)
# Whether managers must have a second factor; without it they are led to make one.
MANAGERS_NEED_SECOND_FACTOR = env.flag("MANAGERS_NEED_SECOND_FACTOR", not DEBUG)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = env.integer("SESSION_COOKIE_AGE", 14 * 24 * 3600, least=60)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "crm.views.csrf_failure"

# --- Security -------------------------------------------------------------------------------------------------------
_HTTPS = env.flag("HTTPS", not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _HTTPS
if _HTTPS:  # no neighbour below the same domain can set these, and none is sent there
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 31_536_000 if _HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
BODY_LIMIT_BYTES = env.integer("BODY_LIMIT_BYTES", 10 * 1024 * 1024, least=1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_BYTES
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CORS_ALLOWED_ORIGINS = env.words("CORS_ALLOWED_ORIGINS", [])
refuse_open_origins(CORS_ALLOWED_ORIGINS)
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
CORS_ALLOW_HEADERS = [*default_headers, "idempotency-key", "if-match", "if-none-match", "x-api-key"]
CORS_EXPOSE_HEADERS = [
    "etag", "idempotency-replayed", "location", "ratelimit-limit", "ratelimit-policy", "ratelimit-remaining",
    "ratelimit-reset", "retry-after", "x-request-id",
]  # fmt: skip
CORS_URLS_REGEX = r"^/api/"

# --- API ------------------------------------------------------------------------------------------------------------
LEADS_API_TOKEN = env.text("LEADS_API_TOKEN")
LEADS_API_PUBLIC = env.flag("LEADS_API_PUBLIC", DEBUG)
THROTTLE_USER = env.text("THROTTLE_USER", "2000/min" if DEBUG else "200/min")
THROTTLE_ANONYMOUS = env.text("THROTTLE_ANONYMOUS", "2000/min" if DEBUG else "100/15min")
refuse_odd_rates(THROTTLE_SIGN_IN=THROTTLE_SIGN_IN, THROTTLE_USER=THROTTLE_USER, THROTTLE_ANONYMOUS=THROTTLE_ANONYMOUS)
API_PAGE_SIZE = env.integer("API_PAGE_SIZE", 50, least=1)
API_PAGE_MOST = env.integer("API_PAGE_MOST", 200, least=1)
IDEMPOTENCY_KEEP_HOURS = env.number("IDEMPOTENCY_KEEP_HOURS", 24.0, least=0.01)
JWT_ACCESS_MINUTES = env.number("JWT_ACCESS_MINUTES", 15.0, least=0.01)
JWT_REFRESH_DAYS = env.number("JWT_REFRESH_DAYS", 7.0, least=0.001)
JWT_SIGNING_KEY = env.text("JWT_SIGNING_KEY")  # without one, a key of its own is derived from SECRET_KEY

# --- Webhooks -------------------------------------------------------------------------------------------------------
WEBHOOK_SECONDS = env.number("WEBHOOK_SECONDS", 10.0, least=0.1)
WEBHOOK_RETRY_HOURS = env.number("WEBHOOK_RETRY_HOURS", 24.0, least=0.001)
WEBHOOK_DISABLE_AFTER = env.integer("WEBHOOK_DISABLE_AFTER", 20, least=1)
WEBHOOK_KEEP_DAYS = env.number("WEBHOOK_KEEP_DAYS", 14.0, least=0.01)
WEBHOOK_ALLOW_PRIVATE = env.flag("WEBHOOK_ALLOW_PRIVATE", False)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm.api.authentication.KeyAuthentication",
        "crm.api.authentication.JwtAuthentication",
        "crm.api.authentication.PageAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["crm.api.parsers.StrictJSONParser"],
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "crm.api.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["crm.api.throttles.UserThrottle", "crm.api.throttles.AnonymousThrottle"],
    "DEFAULT_SCHEMA_CLASS": "crm.api.schema.Schema",
}

# --- Language, time, files ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", _("Portuguese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "America/Sao_Paulo")
USE_TZ = USE_I18N = True
FORMAT_MODULE_PATH = ["crm.formats"]
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / ".data" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / ".data" / "media")
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")  # large, and for developers alone
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- WhatsApp sessions (read by whatsapp/) ---------------------------------------------------------------------------
WHATSAPP_SESSION_DIR = env.path("WHATSAPP_SESSION_DIR", BASE_DIR / ".data" / "whatsapp")
WHATSAPP_SUPERVISE_SECONDS = env.number("WHATSAPP_SUPERVISE_SECONDS", 10.0, least=1.0)
WHATSAPP_LEASE_SECONDS = env.number("WHATSAPP_LEASE_SECONDS", 30.0, least=1.0)
WHATSAPP_LEASE_RENEW_SECONDS = env.number("WHATSAPP_LEASE_RENEW_SECONDS", 10.0, least=0.1)
WHATSAPP_ATTEMPT_GAP_SECONDS = env.number("WHATSAPP_ATTEMPT_GAP_SECONDS", 5.0)
WHATSAPP_RESTART_DELAYS = env.numbers("WHATSAPP_RESTART_DELAYS", [1, 2, 5, 10, 30])
WHATSAPP_CAUTIOUS_RETRY_SECONDS = env.number("WHATSAPP_CAUTIOUS_RETRY_SECONDS", 900.0)
WHATSAPP_RECONNECT_LIMIT_SECONDS = env.number("WHATSAPP_RECONNECT_LIMIT_SECONDS", 300.0)
WHATSAPP_PAIRING_SECONDS = env.number("WHATSAPP_PAIRING_SECONDS", 180.0, least=1.0)
WHATSAPP_STORE_TRIES = env.integer("WHATSAPP_STORE_TRIES", 5, least=1)
WHATSAPP_STOP_GRACE_SECONDS = env.number("WHATSAPP_STOP_GRACE_SECONDS", 30.0, least=1.0)
WHATSAPP_DEVICE_NAME = env.text("WHATSAPP_DEVICE_NAME", "Lívia CRM")
WHATSAPP_QR_DEBOUNCE_SECONDS = env.number("WHATSAPP_QR_DEBOUNCE_SECONDS", 2.0)
WHATSAPP_QR_GAP_SECONDS = env.number("WHATSAPP_QR_GAP_SECONDS", 3.0)
WHATSAPP_QR_STREAM_SECONDS = env.number("WHATSAPP_QR_STREAM_SECONDS", 300.0, least=1.0)
WHATSAPP_IDLE_SECONDS = env.number("WHATSAPP_IDLE_SECONDS", 1800.0)
WHATSAPP_SWEEP_SECONDS = env.number("WHATSAPP_SWEEP_SECONDS", 600.0, least=1.0)
WHATSAPP_SEND_PER_MINUTE = env.number("WHATSAPP_SEND_PER_MINUTE", 20.0, least=0.1)
WHATSAPP_SEND_BURST = env.integer("WHATSAPP_SEND_BURST", 10, least=1)
WHATSAPP_COLD_PER_DAY = env.integer("WHATSAPP_COLD_PER_DAY", 30)
WHATSAPP_COLD_BLOCK_HOURS = env.number("WHATSAPP_COLD_BLOCK_HOURS", 72.0)
WHATSAPP_CHECKS_PER_MINUTE = env.number("WHATSAPP_CHECKS_PER_MINUTE", 6.0, least=0.1)
WHATSAPP_CHECK_DAYS = env.number("WHATSAPP_CHECK_DAYS", 30.0)
WHATSAPP_READ_RECEIPTS = env.flag("WHATSAPP_READ_RECEIPTS", True)
WHATSAPP_MEDIA_LIMIT_BYTES = env.integer("WHATSAPP_MEDIA_LIMIT_BYTES", 16 * 1024 * 1024, least=1)
WHATSAPP_MEDIA_TRIES = env.integer("WHATSAPP_MEDIA_TRIES", 5, least=1)
WHATSAPP_MEDIA_SECONDS = env.number("WHATSAPP_MEDIA_SECONDS", 300.0, least=0.1)
# The longest recording a consultant may make.
VOICE_SECONDS = env.integer("VOICE_SECONDS", 300, least=1)
WHATSAPP_CHAT_INDEX_SIZE = env.integer("WHATSAPP_CHAT_INDEX_SIZE", 10_000, least=1)
WHATSAPP_WATCH_SECONDS = env.number("WHATSAPP_WATCH_SECONDS", 60.0, least=1.0)
WHATSAPP_ALERT_FAILURE_PERCENT = env.number("WHATSAPP_ALERT_FAILURE_PERCENT", 50.0)
WHATSAPP_ALERT_QR_PER_HOUR = env.integer("WHATSAPP_ALERT_QR_PER_HOUR", 20, least=1)
WHATSAPP_ALERT_MEMORY_MB = env.integer("WHATSAPP_ALERT_MEMORY_MB", 300, least=1)
WHATSAPP_ALERT_OUTBOX_SECONDS = env.number("WHATSAPP_ALERT_OUTBOX_SECONDS", 300.0)
WHATSAPP_ALERT_SPOOL_SECONDS = env.number("WHATSAPP_ALERT_SPOOL_SECONDS", 120.0)
WHATSAPP_RECYCLE_MEMORY_MB = env.integer("WHATSAPP_RECYCLE_MEMORY_MB", 500, least=1)

# --- Backups (read by crm.core.object_store and crm.backups) ----------------------------------------------------------
BACKUP_KEY = env.words("BACKUP_KEY", [])
BACKUP_DAILY = env.flag("BACKUP_DAILY", not DEBUG)
BACKUP_HOUR = env.integer("BACKUP_HOUR", 3)
BACKUP_KEEP = env.integer("BACKUP_KEEP", 14, least=1)
BACKUP_DIR = env.path("BACKUP_DIR", BASE_DIR / ".data" / "backups")
BACKUP_S3_BUCKET = env.text("BACKUP_S3_BUCKET")
BACKUP_S3_PREFIX = env.text("BACKUP_S3_PREFIX", "livia")
BACKUP_S3_ENDPOINT_URL = env.text("BACKUP_S3_ENDPOINT_URL")
BACKUP_S3_REGION = env.text("BACKUP_S3_REGION")
BACKUP_S3_ACCESS_KEY_ID = env.text("BACKUP_S3_ACCESS_KEY_ID")
BACKUP_S3_SECRET_ACCESS_KEY = env.text("BACKUP_S3_SECRET_ACCESS_KEY")
refuse_open_backups(bucket=BACKUP_S3_BUCKET, keys=BACKUP_KEY, hour=BACKUP_HOUR)

# --- Celery ---------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}:celery:",
    "visibility_timeout": 24 * 3600,
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "agent.*": {"queue": "agent"},
    # Where the session folders are.
    "whatsapp.run_session": {"queue": "whatsapp"},
}
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_BEAT_SCHEDULE_FILENAME = str(env.path("CELERY_BEAT_SCHEDULE", BASE_DIR / ".data" / "beat-schedule"))
CELERY_BEAT_SCHEDULE = schedule(
    supervise=WHATSAPP_SUPERVISE_SECONDS, watch=WHATSAPP_WATCH_SECONDS, sweep=WHATSAPP_SWEEP_SECONDS
)  # fmt: skip

# --- Realtime -------------------------------------------------------------------------------------------------------
REALTIME_DELTA_LIMIT = env.integer("REALTIME_DELTA_LIMIT", 100, least=1)
REALTIME_PATROL_SECONDS = env.number("REALTIME_PATROL_SECONDS", 0.8, least=0.05)
REALTIME_SOCKET_QUEUE = env.integer("REALTIME_SOCKET_QUEUE", 500, least=10)
REALTIME_KEEP_HOURS = env.integer("REALTIME_KEEP_HOURS", 24, least=1)
PRESENCE_SECONDS = env.number("PRESENCE_SECONDS", 30.0, least=10.0)

# --- Notifications on devices (Web Push) ------------------------------------------------------------------------------
VAPID_PRIVATE_KEY = env.text("VAPID_PRIVATE_KEY")
VAPID_SUBJECT = env.text("VAPID_SUBJECT")
PUSH_DELAY_SECONDS = env.number("PUSH_DELAY_SECONDS", 5.0)
PUSH_ALLOW_PRIVATE = env.flag("PUSH_ALLOW_PRIVATE", False)

# --- E-mail ---------------------------------------------------------------------------------------------------------
_MAIL = env.mail("EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = _MAIL["HOST"], _MAIL["PORT"]  # without a host nothing is sent, and the pages say so
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["HOST_USER"], _MAIL["HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL["USE_TLS"], _MAIL["USE_SSL"]
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT_SECONDS", 15.0, least=0.1)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL")
refuse_mail_from_nobody(host=EMAIL_HOST, sender=DEFAULT_FROM_EMAIL)
SITE_URL = env.text("SITE_URL") or next(iter(CSRF_TRUSTED_ORIGINS), "http://localhost:8000")

# --- Alerts, exports ------------------------------------------------------------------------------------------------
WEEKLY_SUMMARY = env.flag("WEEKLY_SUMMARY", True)
WEEKLY_SUMMARY_HOUR = env.integer("WEEKLY_SUMMARY_HOUR", 8, most=23)
ALERT_REPEAT_MINUTES = env.number("ALERT_REPEAT_MINUTES", 15.0)
EXPORT_KEEP_DAYS = env.number("EXPORT_KEEP_DAYS", 7.0, least=0.01)
SUBJECT_EXPORT_KEEP_DAYS = env.number("SUBJECT_EXPORT_KEEP_DAYS", 7.0, least=0.01)

# --- Leads ----------------------------------------------------------------------------------------------------------
BOARD_PAGE_SIZE = env.integer("BOARD_PAGE_SIZE", 50, least=1)
BOARD_SHARED = env.flag("BOARD_SHARED", False)
CONSULTANTS_SEE_UNOWNED = env.flag("CONSULTANTS_SEE_UNOWNED", True)
LEADS_PAGE_SIZE = env.integer("LEADS_PAGE_SIZE", 50, least=1)
ATTENTION_UNANSWERED_SECONDS = env.integer("ATTENTION_UNANSWERED_SECONDS", 900, least=1)
ASSIGNMENT_STRATEGY = env.choice("ASSIGNMENT_STRATEGY", "round_robin", ["round_robin", "least_loaded"])
TASK_RULES = env.flag("TASK_RULES", True)
TASK_FIRST_CONTACT_MINUTES = env.integer("TASK_FIRST_CONTACT_MINUTES", 15, least=1)
TASK_PROPOSAL_DAYS = env.integer("TASK_PROPOSAL_DAYS", 2)
TASK_PROPOSAL_HOUR = env.integer("TASK_PROPOSAL_HOUR", 10, most=23)
IMPORT_LIMIT_BYTES = env.integer("IMPORT_LIMIT_BYTES", 16 * 1024 * 1024, least=1024)
IMPORT_ROWS_MAX = env.integer("IMPORT_ROWS_MAX", 200_000, least=1)
IMPORT_KEEP_DAYS = env.number("IMPORT_KEEP_DAYS", 30.0, least=0.01)

# --- Conversations and Lívia ----------------------------------------------------------------------------------------
THREAD_IDLE_SECONDS = env.integer("THREAD_IDLE_SECONDS", 1800, least=1)
THREAD_ARCHIVE_DAYS = env.integer("THREAD_ARCHIVE_DAYS", 7, least=1)
BURST_WINDOW_SECONDS = env.number("BURST_WINDOW_SECONDS", 4.0)
BURST_CAP_SECONDS = env.number("BURST_CAP_SECONDS", 20.0)
TYPING_BASE_MS = env.integer("TYPING_BASE_MS", 1000)
TYPING_PER_CHAR_MS = env.integer("TYPING_PER_CHAR_MS", 50)
TYPING_MAX_MS = env.integer("TYPING_MAX_MS", 3000)
ANSWER_SWEEP_SECONDS = env.integer("ANSWER_SWEEP_SECONDS", 60)
LIVIA_ENABLED = env.flag("LIVIA_ENABLED", True)
ENGAGEMENT_HIGH = env.number("ENGAGEMENT_HIGH", 10.0)
ENGAGEMENT_MEDIUM = env.number("ENGAGEMENT_MEDIUM", 3.0)
TURN_TRIES = env.integer("TURN_TRIES", 5, least=1)
TURN_RETRY_SECONDS = env.numbers("TURN_RETRY_SECONDS", [5, 20, 60, 300])
HISTORY_GRACE_SECONDS = env.integer("HISTORY_GRACE_SECONDS", 24 * 3600)
TRANSCRIBE_ALL = env.flag("TRANSCRIBE_ALL", True)
FOLLOW_UP_HOURS = env.numbers("FOLLOW_UP_HOURS", [4, 24])
FOLLOW_UP_MAX = env.integer("FOLLOW_UP_MAX", 2)
LOOP_TURNS = env.integer("LOOP_TURNS", 6, least=2)
LOOP_SECONDS = env.number("LOOP_SECONDS", 120.0)
LOOP_REPEATS = env.integer("LOOP_REPEATS", 4, least=2)
LOOP_AUTO_REPLIES = env.integer("LOOP_AUTO_REPLIES", 2, least=1)
JUDGE_PER_MINUTE = env.integer("JUDGE_PER_MINUTE", 20)

# --- Groq (read by agent/llm/) ----------------------------------------------------------------------------------------
GROQ_ENABLED = env.flag("GROQ_ENABLED", True)
GROQ_API_KEY = env.text("GROQ_API_KEY")
GROQ_BASE_URL = env.text("GROQ_BASE_URL")
GROQ_MODELS = env.words("GROQ_MODELS", ["openai/gpt-oss-120b", "openai/gpt-oss-20b"])
GROQ_TEMPERATURE = env.number("GROQ_TEMPERATURE", 0.7)
GROQ_ANSWER_TOKENS = env.integer("GROQ_ANSWER_TOKENS", 500, least=50)
GROQ_REASONING_TOKENS = env.integer("GROQ_REASONING_TOKENS", 500)
GROQ_ATTEMPT_SECONDS = env.number("GROQ_ATTEMPT_SECONDS", 8.0, least=0.1)
GROQ_TURN_SECONDS = env.number("GROQ_TURN_SECONDS", 15.0, least=0.1)
GROQ_BREAKER_FAILURES = env.integer("GROQ_BREAKER_FAILURES", 3, least=1)
GROQ_BREAKER_SECONDS = env.number("GROQ_BREAKER_SECONDS", 30.0, least=0.1)
GROQ_WHISPER_MODEL = env.text("GROQ_WHISPER_MODEL", "whisper-large-v3-turbo")
GROQ_VOICE_SECONDS = env.integer("GROQ_VOICE_SECONDS", 120, least=1)
GROQ_TRANSCRIBE_SECONDS = env.number("GROQ_TRANSCRIBE_SECONDS", 20.0, least=0.1)

# --- Monitoring (docs/monitoring.md) ----------------------------------------------------------------------------------
METRICS_TOKEN = env.text("METRICS_TOKEN")
METRICS_DIR = env.path("METRICS_DIR", BASE_DIR / ".data" / "metrics")
METRICS_PORT = env.integer("METRICS_PORT", 0, most=65535)
PROCESS_KIND = env.text("PROCESS_KIND")
PULSE_SECONDS = env.number("PULSE_SECONDS", 10.0)
PULSE_SILENT_SECONDS = env.number("PULSE_SILENT_SECONDS", 30.0, least=1.0)
HEALTH_SECONDS = env.number("HEALTH_SECONDS", 30.0, least=1.0)
HEALTH_CHECK_SECONDS = env.number("HEALTH_CHECK_SECONDS", 2.0, least=0.1)
HEALTH_DISK_PERCENT = env.number("HEALTH_DISK_PERCENT", 90.0)
DRAIN_SECONDS = env.number("DRAIN_SECONDS", 0.0 if DEBUG else 5.0)
ALERT_WINDOW_MINUTES = env.integer("ALERT_WINDOW_MINUTES", 5, least=1)
ALERT_RESPONSE_SECONDS = env.number("ALERT_RESPONSE_SECONDS", 5.0)
ALERT_MODEL_SECONDS = env.number("ALERT_MODEL_SECONDS", 3.0)
ALERT_ERROR_PERCENT = env.number("ALERT_ERROR_PERCENT", 5.0)
ALERT_CPU_PERCENT = env.number("ALERT_CPU_PERCENT", 80.0)
ALERT_MEMORY_PERCENT = env.number("ALERT_MEMORY_PERCENT", 85.0)
ALERT_QUEUE = env.integer("ALERT_QUEUE", 1000, least=1)
ALERT_DB_CONNECTIONS = env.integer("ALERT_DB_CONNECTIONS", 50, least=1)
ALERT_EMAILS = env.words("ALERT_EMAILS", [])
ALERT_UNTAKEN_MINUTES = env.number("ALERT_UNTAKEN_MINUTES", 30.0, least=0.1)
SAMPLE_KEEP_DAYS = env.number("SAMPLE_KEEP_DAYS", 14.0, least=0.01)
REPORT_KEEP_DAYS = env.number("REPORT_KEEP_DAYS", 365.0, least=0.1)
SCORE_RESPONSE_SECONDS = env.steps("SCORE_RESPONSE_SECONDS", [3, 20, 2, 10])
SCORE_ERROR_PERCENT = env.steps("SCORE_ERROR_PERCENT", [5, 30, 2, 15])
SCORE_CPU_PERCENT = env.steps("SCORE_CPU_PERCENT", [80, 15])
SCORE_MEMORY_PERCENT = env.steps("SCORE_MEMORY_PERCENT", [85, 20])
SCORE_CACHE_PERCENT = env.steps("SCORE_CACHE_PERCENT", [80, 5])
SCORE_BANDS = env.numbers("SCORE_BANDS", [90, 75, 60], count=3)
PRESSURE_QUEUE = env.integer("PRESSURE_QUEUE", 500, least=1)

# --- Traces (requirements-otel.txt; docs/monitoring.md) ---------------------------------------------------------------
OTEL_ENDPOINT = env.text("OTEL_ENDPOINT")
trace_to(OTEL_ENDPOINT, kind=PROCESS_KIND)

# --- Logs -----------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
LOG_JSON = env.flag("LOG_JSON", not DEBUG)
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_USER_ID_FIELD = None  # reading it would ask the database three times in every request
from crm.logs import configure as _configure_logs  # noqa: E402

LOGGING = _configure_logs(level=LOG_LEVEL, json=LOG_JSON)
