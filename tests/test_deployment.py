"""What is deployed is what is developed: image, docker-compose.yml, proxy and Kubernetes fit each other and the local
start. bin/prove-image runs them for real."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from crm import settings as product
from stack.places import ROOT
from stack.postgres import LOCALE, SETTINGS
from stack.programs import programs

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: told for name, told in SERVICES.items() if "build" in told}
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text()
KUBERNETES = ROOT / "deploy" / "kubernetes"
SCHEMA = json.loads((ROOT / "tests/schemas/kubernetes-1.34.json").read_text())


def told_by(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "tests" / "schemas" / name).read_text())


# --- docker-compose.yml -----------------------------------------------------------------------------------------------


def test_the_compose_file_follows_the_specification() -> None:
    schema = told_by("compose-spec.json")
    assert [error.message for error in validator_for(schema)(schema).iter_errors(COMPOSE)] == []


def test_every_volume_network_secret_and_service_named_exists_and_is_used() -> None:
    volumes = {
        entry.split(":")[0] for told in SERVICES.values() for entry in told.get("volumes", []) if entry[0] not in "./"
    }
    assert volumes == set(COMPOSE["volumes"])
    assert {name for told in SERVICES.values() for name in told.get("networks", ["default"])} == set(
        COMPOSE["networks"]
    )
    assert {name for told in SERVICES.values() for name in told.get("secrets", [])} == set(COMPOSE["secrets"])
    assert {name for told in SERVICES.values() for name in told.get("depends_on", [])} <= set(SERVICES)
    mounted = [
        entry.split(":")[0] for told in SERVICES.values() for entry in told.get("volumes", []) if entry[0] == "."
    ]
    assert [path for path in mounted if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", OURS)
def test_our_services_can_do_as_little_as_possible(name: str) -> None:
    told = SERVICES[name]
    assert told["read_only"] and told["cap_drop"] == ["ALL"] and told["security_opt"] == ["no-new-privileges:true"]
    assert not told.get("privileged") and "ports" not in told
    assert "/var/run/docker.sock" not in str(told.get("volumes"))


@pytest.mark.parametrize("name", [name for name, told in SERVICES.items() if told.get("restart") != "no"])
def test_whatever_stays_is_watched_and_its_log_has_an_end(name: str) -> None:
    told = SERVICES[name]
    assert "test" in told.get("healthcheck", {}) or told.get("profiles") == ["monitoring"]
    assert told["logging"]["options"]["max-size"]
    assert ":" in told["image"] and not told["image"].endswith(":latest")


def test_the_database_and_the_broker_are_out_of_the_proxys_reach() -> None:
    assert COMPOSE["networks"]["data"]["internal"]
    assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["data"]
    assert "networks" not in SERVICES["proxy"]


def test_secrets_come_from_the_environment_alone() -> None:
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD"):
        found = re.findall(rf"\$\{{{name}([^}}]*)\}}", (ROOT / "docker-compose.yml").read_text())
        assert found and all(rest.startswith(":?") for rest in found), name


def command_of(name: str) -> list[str]:
    """How the local start runs it, without the machine's own Python."""
    argv = next(program.argv for program in programs("0.0.0.0", 8000) if program.name == name)
    return list(argv[argv.index("-m") + 1 :])


@pytest.mark.parametrize(
    ("service", "program"), [("realtime", "web"), ("worker", "worker"), ("whatsapp", "whatsapp"), ("beat", "beat")]
)
def test_production_runs_what_the_local_start_runs(service: str, program: str) -> None:
    assert SERVICES[service]["command"] == command_of(program)
    assert OURS[service]["environment"]["PROCESS_KIND"] == service


def test_every_queue_that_tasks_are_sent_to_has_a_worker() -> None:
    served = {
        queue
        for name in ("worker", "whatsapp")
        for queue in SERVICES[name]["command"][SERVICES[name]["command"].index("-Q") + 1].split(",")
    }
    routed = {str(route["queue"]) for route in product.CELERY_TASK_ROUTES.values()}
    assert routed | {product.CELERY_TASK_DEFAULT_QUEUE} <= served


def test_the_servers_are_those_of_the_local_start() -> None:
    postgres = SERVICES["postgres"]
    assert postgres["environment"]["POSTGRES_INITDB_ARGS"].split() == LOCALE
    given = dict(part.split("=") for part in postgres["command"] if "=" in part)
    assert given.items() <= SETTINGS.items()


def test_sessions_and_requests_have_time_to_end() -> None:
    grace = {name: int(told.get("stop_grace_period", "10s")[:-1]) for name, told in OURS.items()}
    assert grace["whatsapp"] > product.WHATSAPP_STOP_GRACE_SECONDS
    gunicorn = int(re.findall(r"^graceful_timeout = (\d+)", (ROOT / "deploy/gunicorn.py").read_text(), re.M)[0])
    assert grace["web"] > gunicorn


# --- the image --------------------------------------------------------------------------------------------------------


def test_the_image_has_a_user_of_its_own_and_pinned_bases() -> None:
    assert re.findall(r"^USER (.*)", DOCKERFILE, re.M)[-1] == "10001:10001"
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert all(re.fullmatch(r"[a-z]+:\d+(\.\d+)?-\w+(-\w+)?", base) for base in bases), bases
    assert "HEALTHCHECK" in DOCKERFILE and 'ENTRYPOINT ["tini", "-g", "--"]' in DOCKERFILE


def test_the_image_dumps_with_the_release_of_the_server() -> None:
    assert f"FROM {SERVICES['postgres']['image']} AS postgres" in DOCKERFILE


def test_volumes_belong_to_the_images_user() -> None:
    """An engine gives a new volume the owner that the image's folder has."""
    made = re.findall(r"install -d -o livia .*?((?:/data\S*\s?)+)", DOCKERFILE)[0].split()
    targets = {
        entry.split(":")[1] for told in OURS.values() for entry in told.get("volumes", []) if entry[0] not in "./"
    }
    assert targets <= set(made)


def test_secrets_and_data_stay_out_of_the_image() -> None:
    kept_out = (ROOT / ".dockerignore").read_text().split("\n")
    assert {".env", ".env.*", ".git", ".data", ".venv"} <= set(kept_out)
    assert not re.search(r"^(ARG|ENV).*(PASSWORD|TOKEN|SECRET|_KEY)", DOCKERFILE, re.M)


# --- the proxy --------------------------------------------------------------------------------------------------------


def test_the_proxy_knows_the_services_and_lets_the_largest_file_through() -> None:
    assert set(re.findall(r"dynamic a (\w+) 8000", CADDYFILE)) == {"web", "realtime"}
    limit = int(re.findall(r"max_size (\d+)MB", CADDYFILE)[0]) * 10**6
    assert limit > max(product.WHATSAPP_MEDIA_LIMIT_BYTES, product.IMPORT_LIMIT_BYTES) + 1024 * 1024
    assert re.findall(r"@realtime path (.*)", CADDYFILE) == ["/ws/* /events/*"]


# --- Kubernetes -------------------------------------------------------------------------------------------------------


def documents(folder: Path = KUBERNETES) -> Iterator[dict[str, Any]]:
    """All but the patches, which are whole only once they are laid over something."""
    for path in sorted(set(folder.rglob("*.yaml")) - set(folder.glob("common-*.yaml"))):
        yield from (
            document for document in yaml.safe_load_all(path.read_text()) if document["kind"] != "Kustomization"
        )


def faults(document: dict[str, Any]) -> list[str]:
    name = SCHEMA["kinds"][document["kind"]]
    schema = {"$ref": f"#/definitions/{name}", "definitions": SCHEMA["definitions"]}
    return [f"{list(error.path)}: {error.message}" for error in Draft202012Validator(schema).iter_errors(document)]


@pytest.mark.parametrize("document", list(documents()), ids=lambda d: f"{d['kind']}-{d['metadata']['name']}")
def test_every_manifest_follows_kubernetes_own_schema(document: dict[str, Any]) -> None:
    assert faults(document) == []


def test_the_schema_sees_a_misspelt_name() -> None:
    web = next(document for document in documents() if document["metadata"]["name"] == "web")
    web["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = {}
    assert faults(web)


def pod_of(document: dict[str, Any]) -> dict[str, Any]:
    spec = document["spec"].get("jobTemplate", document)["spec"]
    return dict(spec["template"]["spec"])


@pytest.mark.parametrize("name", ["realtime", "worker", "whatsapp", "beat", "web", "backup", "migrate"])
def test_the_cluster_runs_what_docker_compose_runs(name: str) -> None:
    kinds = {"Deployment", "CronJob", "Job"}
    pod = pod_of(next(d for d in documents() if d["metadata"]["name"] == name and d["kind"] in kinds))
    (container,) = pod["containers"]
    assert container["args"] == SERVICES[name]["command"]
    compose = {entry.split(":")[1] for entry in OURS[name].get("volumes", [])} & {"/data/media", "/data/whatsapp"}
    assert {mount["mountPath"] for mount in container.get("volumeMounts", [])} - {"/tmp"} == compose


@pytest.fixture(scope="module")
def whole() -> list[dict[str, Any]]:
    if not shutil.which("kubectl"):
        pytest.skip("kubectl puts the manifests together; it is not installed")
    text = subprocess.run(["kubectl", "kustomize", KUBERNETES], capture_output=True, text=True, check=True).stdout
    return list(yaml.safe_load_all(text))


def test_put_together_every_pod_is_as_shut_in_as_in_docker_compose(whole: list[dict[str, Any]]) -> None:
    pods = [pod_of(document) for document in whole if document["kind"] in {"Deployment", "CronJob"}]
    assert len(pods) == 6
    for pod in pods:
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsUser"] == 10001 and container["securityContext"]["readOnlyRootFilesystem"]
        assert container["resources"]["limits"]["memory"] and container["image"].startswith("registry.example.com/")
        claims = {volume["persistentVolumeClaim"]["claimName"] for volume in pod["volumes"] if "emptyDir" not in volume}
        assert claims <= {d["metadata"]["name"] for d in whole if d["kind"] == "PersistentVolumeClaim"}
    assert [fault for document in whole for fault in faults(document)] == []
