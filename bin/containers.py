"""The services of docker-compose.yml as an engine would run them, made of the kernel's own parts: for machines without
an engine, and for proofs that may break things. Linux, root.

A container here has its own mounts (the image read-only, the volumes and tmpfs of the file), processes, host name and
network address; its user, capabilities and environment are the image's and the file's. Nothing limits its memory.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

BRIDGE, NETWORK = "livia0", "10.213.7"
HOSTS_BYTES = 4096
# Absolute paths: PATH is the image's already. It waits for its network before it starts what it is for.
START = """
set -e
for line in $LIVIA_MOUNTS; do IFS=, read -r kind from to <<X
$line
X
  case $kind in
    bind) /bin/mount --bind "$from" "$LIVIA_AT$to" ;;
    tmpfs) /bin/mount -t tmpfs -o "nosuid,nodev,noexec,$(echo "$from" | /usr/bin/tr ';' ',')" tmpfs "$LIVIA_AT$to" ;;
    read-only) /bin/mount --bind "$from" "$LIVIA_AT$to"; /bin/mount -o remount,bind,ro "$LIVIA_AT$to" ;;
    proc) /bin/mount -t proc proc "$LIVIA_AT$to" ;;
  esac
done
/bin/hostname "$LIVIA_NAME"
read -r _ready
unset LIVIA_MOUNTS LIVIA_NAME
exec /usr/sbin/chroot "$LIVIA_AT" "$@"
"""


@dataclass
class Compose:
    """docker-compose.yml with the variables of an .env file put in."""

    file: Path
    variables: Mapping[str, str]
    data: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.data = self._filled(yaml.safe_load(self.file.read_text()))

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        return dict(self.data["services"])

    def environment(self, service: str) -> dict[str, str]:
        """What the service's process finds: the .env file below its own lines."""
        told = self.services[service]
        below = self.variables if told.get("env_file") else {}
        return {**below, **{name: str(value) for name, value in (told.get("environment") or {}).items()}}

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [self._filled(entry) for entry in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        def fill(match: re.Match[str]) -> str:
            name, kind, rest = match["name"], match["kind"], match["rest"]
            if match[0] == "$$":
                return "$"
            if not (given := self.variables.get(name, "")) and kind == ":?":
                raise ValueError(f"{name}: {rest}")
            return given or rest or ""

        return re.sub(r"\$\$|\$\{(?P<name>[A-Z_]+)(?:(?P<kind>:[-?])(?P<rest>[^}]*))?\}", fill, text)


def read_env(path: Path) -> dict[str, str]:
    lines = (line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


@dataclass
class Image:
    root: Path
    env: dict[str, str]
    user: str
    entrypoint: list[str]
    workdir: str

    @classmethod
    def of(cls, name: str) -> "Image":
        """An image of podman's, mounted."""
        told = json.loads(_run("podman", "image", "inspect", name))[0]["Config"]
        root = Path(_run("podman", "image", "mount", name).strip())
        env = dict(line.split("=", 1) for line in told["Env"])
        return cls(root, env, told["User"], told.get("Entrypoint") or [], told.get("WorkingDir") or "/")


@dataclass
class Container:
    name: str
    address: str
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    user: str | None
    workdir: str
    log: Path

    @property
    def init(self) -> int:
        """The first process inside, by its number outside."""
        return int(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0])

    def run(
        self, *command: str, seconds: float = 120, more: Mapping[str, str] = {}
    ) -> subprocess.CompletedProcess[str]:
        """A command inside, as the same user."""
        enter = ["nsenter", "-t", str(self.init), "-m", "-u", "-n", "-p", "-r"]
        become = ["setpriv", *_identity(self.user)] if self.user else []
        variables = {**self.environment, **more, "HOSTNAME": self.name}
        inside = ["env", "-i", *(f"{name}={value}" for name, value in variables.items())]
        there = ["sh", "-c", 'cd "$0" && exec "$@"', self.workdir, *command]
        return subprocess.run(
            [*enter, *become, *inside, *there], capture_output=True, text=True, timeout=seconds, check=False, cwd="/"
        )

    def well(self, check: Mapping[str, Any]) -> bool:
        """Whether the health check of the file passes."""
        kind, *command = check["test"]
        done = self.run(*(["sh", "-c", *command] if kind == "CMD-SHELL" else command))
        return done.returncode == 0

    def signal(self, number: int) -> None:
        os.kill(self.init, number)

    def kill(self) -> None:
        """Its first process takes all others along. (`unshare --kill-child` is forgotten when the user changes.)"""
        self.signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self, seconds: float) -> float:
        """As `docker stop`: SIGTERM, and SIGKILL once the grace is over. Returns how long it took."""
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        return time.monotonic() - began


class Host:
    """The machine of the containers: a network of its own, volumes as folders, names in one hosts file."""

    def __init__(self, base: Path) -> None:
        self.base, self.hosts, self.count = base, base / "hosts", 1
        self.containers: list[Container] = []
        self.names: dict[str, list[str]] = {}
        _run("ip", "link", "set", "lo", "up")
        _run("ip", "link", "add", BRIDGE, "type", "bridge")
        _run("ip", "addr", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        _run("ip", "link", "set", BRIDGE, "up")
        self._write_hosts()

    def volume(self, name: str, user: str | None) -> Path:
        path = self.base / "volumes" / name
        if not path.exists():
            path.mkdir(parents=True, mode=0o700)
            if user:
                os.chown(path, *(int(part) for part in user.split(":")))
        return path

    def start(
        self, service: str, command: list[str], environment: Mapping[str, str], *, image: Image | None = None,
        mounts: list[str] | None = None, user: str | None = None, number: int = 1,
    ) -> Container:  # fmt: skip
        """One container; without an image it sees the machine's own files."""
        self.count += 1
        name, address = f"livia-{service}-{number}", f"{NETWORK}.{self.count}"
        at = self.base / "roots" / f"{name}-{self.count}"
        at.mkdir(parents=True)
        lines = _root_mounts(image, at) + [f"read-only,{self.hosts},/etc/hosts", *(mounts or [])]
        env = {"PATH": os.environ["PATH"], **(image.env if image else {}), **environment}
        log = (self.base / f"{name}.log").open("ab")
        become = ["/usr/bin/setpriv", *_identity(user)] if user else []
        inside = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', image.workdir if image else "/"]
        process = subprocess.Popen(
            ["/usr/bin/unshare", "--mount", "--pid", "--fork", "--uts", "--net", "/bin/sh", "-c",
             START, "start", *become, *inside, *(image.entrypoint if image else []), *command],
            env={**env, "HOSTNAME": name, "LIVIA_AT": str(at), "LIVIA_NAME": name, "LIVIA_MOUNTS": "\n".join(lines)},
            stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        made = Container(name, address, process, env, user, image.workdir if image else "/", self.base / f"{name}.log")
        wait_for(lambda: _has_child(process.pid), f"{name} to begin")
        self._connect(made)
        self.containers.append(made)
        self._name(service, address)
        assert process.stdin is not None
        process.stdin.write(b"ready\n")
        process.stdin.close()
        return made

    def forget(self, service: str, container: Container) -> None:
        """Its name no longer leads to it, as once an engine has taken it from its networks."""
        self.names[service].remove(container.address)
        self._write_hosts()

    def close(self) -> None:
        for container in self.containers:
            if container.process.poll() is None:
                container.kill()

    def _connect(self, container: Container) -> None:
        outer, pid = f"livia{self.count}", str(container.init)
        _run("ip", "link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", pid)
        _run("ip", "link", "set", outer, "master", BRIDGE, "up")
        inside = ["nsenter", "-t", pid, "-n", "ip"]
        _run(*inside, "addr", "add", f"{container.address}/24", "dev", "eth0")
        _run(*inside, "link", "set", "eth0", "up")
        _run(*inside, "link", "set", "lo", "up")

    def _name(self, service: str, address: str) -> None:
        self.names.setdefault(service, []).append(address)
        self._write_hosts()

    def _write_hosts(self) -> None:
        """In place, since containers have the file mounted, and at once: who found it empty would ask a server of
        names, of which there is none here, and wait for long."""
        lines = ["127.0.0.1 localhost", *(f"{ip} {name}" for name, all_of in self.names.items() for ip in all_of)]
        fd = os.open(self.hosts, os.O_WRONLY | os.O_CREAT, 0o644)
        os.write(fd, "\n".join(lines).encode().ljust(HOSTS_BYTES, b"\n"))
        os.close(fd)


def mounts_of(service: Mapping[str, Any], host: Host, user: str | None, root: Path) -> list[str]:
    """The service's volumes and tmpfs as lines for START."""
    lines = []
    for entry in service.get("tmpfs", []):
        path, _, options = entry.partition(":")
        lines.append(f"tmpfs,{options.replace(',', ';') or 'mode=755'},{path}")
    for entry in service.get("volumes", []):
        source, target, *mode = entry.split(":")
        if source.startswith("."):
            lines.append(f"{'read-only' if mode == ['ro'] else 'bind'},{(root / source).resolve()},{target}")
        else:
            lines.append(f"bind,{host.volume(source, user)},{target}")
    return lines


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 120) -> float:
    """A connection that is refused meanwhile is no answer yet."""
    began = time.monotonic()
    while not _holds(condition):
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.1)
    return time.monotonic() - began


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except OSError:
        return False


def _root_mounts(image: Image | None, at: Path) -> list[str]:
    whole = f"read-only,{image.root}," if image else "bind,/,"
    return [whole, "proc,-,/proc", "bind,/dev,/dev", "tmpfs,size=64m;mode=1777,/dev/shm"]


def _identity(user: str | None) -> list[str]:
    uid, _, gid = (user or "0:0").partition(":")
    return [
        f"--reuid={uid}",
        f"--regid={gid}",
        "--clear-groups",
        "--bounding-set=-all",
        "--inh-caps=-all",
        "--no-new-privs",
    ]


def _has_child(pid: int) -> bool:
    return bool(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{shlex.join(command)}: {done.stderr.strip()}")
    return done.stdout
