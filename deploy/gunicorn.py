"""How gunicorn serves pages and the API in containers: `gunicorn --config=deploy/gunicorn.py crm.wsgi:application`."""

import os

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """A worker that stops listening when it stops accepting.

    gunicorn's own keeps the door open until its last request is done: who knocks meanwhile waits in the kernel's queue
    and is turned away at the end, and a proxy cannot know whether that request was begun. A closed door sends it on.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            before = -1
            while before < self.nr_conns:  # who is in the queue already is served
                before = self.nr_conns
                self.accept(listener)
            listener.close()


bind = "0.0.0.0:8000"
worker_class = Worker
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 30  # DRAIN_SECONDS and the longest request; less than the container's own stop grace
max_requests, max_requests_jitter = 5000, 500
worker_tmp_dir = "/dev/shm"
control_socket_disable = True
