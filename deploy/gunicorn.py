"""How gunicorn serves pages and the API in containers: `gunicorn --config=deploy/gunicorn.py crm.wsgi:application`."""

import os
import socket

from django.urls import resolve
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """A worker that listens when it is ready to accept, and stops listening when it stops accepting.

    gunicorn opens the door before anybody has read the code: who knocks then waits for as long as that takes. And its
    own worker keeps the door open until its last request is done: who knocks meanwhile waits in the kernel's queue
    and is turned away at the end, and a proxy cannot know whether that request was begun. A closed door sends it on.
    """

    def load_wsgi(self) -> None:
        super().load_wsgi()
        resolve("/login/")  # reads the code of all pages, which else the first visitor waits for

    def set_accept_enabled(self, enabled: bool) -> None:
        if enabled:
            for listener in self.sockets:
                listener.listen(self.cfg.backlog)
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            before = -1
            while before < self.nr_conns:  # who is in the queue already is served
                before = self.nr_conns
                self.accept(listener)
            listener.close()


def when_ready(arbiter: Arbiter) -> None:
    """Called before the first worker is made: the address is ours, and the door closed until that worker opens it."""
    for listener in arbiter.LISTENERS:
        listener.sock.shutdown(socket.SHUT_RD)


bind = "0.0.0.0:8000"
worker_class = Worker
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 30  # DRAIN_SECONDS and the longest request; less than the container's own stop grace
max_requests, max_requests_jitter = 5000, 500
worker_tmp_dir = "/dev/shm"
control_socket_disable = True
