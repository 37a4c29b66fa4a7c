"""What is looked at, one after the other: each check says whether its part works, and if not what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from agent.llm import breaker
from agent.llm import client as llm
from conversations.models import Conversation, Message, MessageState
from crm.backups.selectors import last_good_backup
from crm.core.clock import now
from crm.core.queues import queues_length
from crm.monitoring.findings import Finding, Said, healthy, off, unhealthy
from crm.monitoring.looking import Question
from crm.monitoring.models import Process, ProcessKind
from crm.monitoring.processes import fullest, processes_alive
from whatsapp.models import Session
from whatsapp.states import State

_BACKUP_AGE = timedelta(hours=26)


@dataclass(frozen=True)
class Check:
    """`page` is the URL name of where more is told."""

    name: str
    title: Said
    look: Callable[[], Finding]
    asks_database: bool = True
    page: str = ""
    is_first: bool = False

    @property
    def question(self) -> Question[Finding]:
        return Question(self.name, self.look, self.asks_database, is_first=self.is_first)


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return healthy(_("Answers."))


def _redis() -> Finding:
    seconds = settings.HEALTH_CHECK_SECONDS * 0.8
    asked = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=seconds, socket_timeout=seconds, retry=Retry(NoBackoff(), 0)
    )
    with asked:
        asked.ping()
    return healthy(_("Answers."))


def _workers(queue: str) -> Callable[[], Finding]:
    def look() -> Finding:
        serving = [row for row in _at_work() if queue in row.data.get("queues", ())]
        if not serving:
            return unhealthy(_("No worker serves this queue."), _("Start a worker: what waits is done then."))
        lengths = queues_length()
        if lengths is None:
            return unhealthy(_("Redis is away: no task reaches a worker."), _("What waits is done once it is back."))
        figures = {name: sum(row.data.get(name, 0) for row in serving) for name in ("busy", "threads", "in_hand")}
        waiting = lengths[queue] + figures.pop("in_hand")
        if waiting > settings.ALERT_QUEUE:
            return unhealthy(_("%(n)s tasks wait."), _("Add workers, or look at what keeps them."), n=waiting)
        said = _("Workers: %(workers)s. Threads at work: %(busy)s of %(threads)s. Tasks waiting: %(waiting)s.")
        return healthy(said, workers=len(serving), waiting=waiting, **figures)

    return look


def _at_work() -> list[Process]:
    return [row for row in processes_alive() if not row.stopping]


def _beat() -> Finding:
    if any(row.kind == ProcessKind.BEAT for row in _at_work()):
        return healthy(_("Runs."))
    return unhealthy(_("Nothing is done on time: the clock is silent."), _("Start one celery beat."))


def _live() -> Finding:
    serving = [row.data["lines"] for row in _at_work() if "lines" in row.data]
    if not serving:
        return unhealthy(_("Pages do not change by themselves."), _("Start the realtime process (Daphne)."))
    return healthy(_("Pages connected: %(n)s."), n=sum(serving))


def _sessions() -> Finding:
    wanted = Session.objects.filter(wanted=True)
    figures = wanted.aggregate(all=Count("pk"), online=Count("pk", filter=Q(state=State.ONLINE)))
    if not figures["all"]:
        return off(_("No number is to be connected."))
    said = _("Numbers online: %(online)s of %(all)s.")
    if figures["online"] < figures["all"]:
        return unhealthy(said, _("Look at the number's card: it says what it needs."), **figures)
    return healthy(said, **figures)


def _model() -> Finding:
    if not llm.enabled():
        return off(_("No model: the rules answer."))
    told = breaker.snapshot()
    if told["key_refused"]:
        remedy = _("The rules answer meanwhile. Check GROQ_API_KEY and restart the workers.")
        return unhealthy(_("Groq refuses the key."), remedy)
    if told["state"] == "open":
        return unhealthy(_("The model rests after failures."), _("The rules answer until it is tried again."))
    if told["state"] == "half_open":
        remedy = _("The next turn asks it; the others go by the rules.")
        return unhealthy(_("The model is being tried again."), remedy)
    return healthy(_("The model answers."))


def _disk() -> Finding:
    used = fullest(processes_alive(), "disk_percent")
    if used is None:
        return off(_("Not measured yet."))
    if used > settings.HEALTH_DISK_PERCENT:
        return unhealthy(_("The disk is %(used)s%% full."), _("Make room: messages are kept on it."), used=round(used))
    return healthy(_("The disk is %(used)s%% full."), used=round(used))


def _answers() -> Finding:
    if not settings.LIVIA_ENABLED:
        return off(_("Lívia is switched off."))
    rows = Conversation.objects.exclude(awaiting_since=None).exclude(turn_not_before__gt=now())
    rows = rows.filter(inbox__livia_enabled=True, turn_failed_at=None)
    found = rows.aggregate(n=Count("pk"), since=Min("awaiting_since"))
    if not found["n"]:
        return healthy(_("Nobody waits for Lívia."))
    seconds = round((now() - found["since"]).total_seconds())
    said = _("Clients who wait for Lívia: %(n)s, the first for %(seconds)s s.")
    if seconds > 2 * settings.ANSWER_SWEEP_SECONDS:
        return unhealthy(said, _("Look whether workers run, and how many tasks wait."), n=found["n"], seconds=seconds)
    return healthy(said, n=found["n"], seconds=seconds)


def _outbox() -> Finding:
    stuck = Session.objects.filter(wanted=True, watched__alerts__contains="outbox").count()
    waiting = Message.objects.filter(state=MessageState.QUEUED).count()
    said = _("Messages waiting to leave: %(n)s.")
    if stuck:
        return unhealthy(said, _("Nothing leaves through a number: look at its card."), n=waiting)
    return healthy(said, n=waiting)


def _backups() -> Finding:
    last = last_good_backup()
    if last is None:
        said, remedy = _("There is no backup yet."), _("Run manage.py backup and set BACKUP_HOUR.")
        return off(said) if settings.DEBUG else unhealthy(said, remedy)
    hours = round((now() - last).total_seconds() / 3600)
    said = _("The last good one is %(hours)s h old.")
    if now() - last > _BACKUP_AGE:
        return unhealthy(said, _("Look at the alert about it, or run manage.py backup."), hours=hours)
    return healthy(said, hours=hours)


def _mail() -> Finding:
    if not settings.EMAIL_HOST:
        return off(_("No mail server is set (EMAIL_URL): nothing is sent by e-mail."))
    return healthy(_("Set up."))


# Readiness goes by it: it must not wait behind those that hang on a locked table.
DATABASE = Check("database", _("Database"), _database, is_first=True)
CHECKS = (
    DATABASE,
    Check("redis", "Redis", _redis, asks_database=False),
    Check("agent", _("Workers: Lívia's turns"), _workers("agent")),
    Check("default", _("Workers: everything else"), _workers("default")),
    Check("whatsapp", _("Workers: WhatsApp"), _workers("whatsapp")),
    Check("beat", _("Clock (beat)"), _beat),
    Check("live", _("Live updates"), _live),
    Check("sessions", _("WhatsApp numbers"), _sessions, page="whatsapp:sessions"),
    Check("model", _("Language model (Groq)"), _model, asks_database=False, page="agent:livia"),
    Check("answers", _("Answers"), _answers, page="workspace:queue"),
    Check("outbox", _("Outgoing messages"), _outbox, page="workspace:queue"),
    Check("disk", _("Disk"), _disk),
    Check("backups", _("Backups"), _backups),
    Check("mail", _("E-mail"), _mail, asks_database=False),
)
