"""`manage.py whatsapp_session ID` in a terminal: it runs the session, and Ctrl-C ends it as a worker would."""

import os
import pty
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from whatsapp.lease import lease_take
from whatsapp.models import Session
from whatsapp.services import session_connect
from whatsapp.states import State
from whatsapp.tests.conftest import eventually, pair

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.thorough
def test_by_hand_in_a_terminal_it_runs_until_ctrl_c(session, network, child_database):
    session_connect(session_id=session.pk)
    terminal, end = pty.openpty()
    command = [sys.executable, "manage.py", "whatsapp_session", str(session.pk)]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdin=end, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        pair(session, network)
        child = eventually(lambda: Session.objects.get(pk=session.pk).child_pid)
        os.killpg(process.pid, signal.SIGINT)  # as the terminal does
        output, _errors = process.communicate(timeout=30)
    finally:
        process.kill()
        os.close(terminal)
        os.close(end)
    assert process.returncode == 0
    assert output.splitlines()[-1] == f"Session {session.pk}: stopped server stopping"
    session.refresh_from_db()
    assert (session.state, session.lease_token, session.failures_total) == (State.STOPPED, "", 0)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_session_nobody_asked_for_or_that_runs_elsewhere_is_refused(session):
    with pytest.raises(CommandError, match="There is no session 0"):
        call_command("whatsapp_session", "0")
    with pytest.raises(CommandError, match="manage.py whatsapp connect"):
        call_command("whatsapp_session", str(session.pk))
    session_connect(session_id=session.pk)
    lease_take(session.pk, "worker-1:42")
    with pytest.raises(CommandError, match="worker-1:42"):
        call_command("whatsapp_session", str(session.pk))
