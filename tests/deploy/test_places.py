"""The files for containers say what the rest of the program says: commands, variables, doors, names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.closure import ROOT
from web.told import BY_NAME
from workers.checkup import known_names

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
OTHERS = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "PGPASSFILE",
    "dramatiq_queue_prefetch",
    "dramatiq_worker_timeout",
}
PROCESSES = ("web", "relay", "clock", "reader", "worker")


def _documents() -> Iterator[dict[str, Any]]:
    for path in sorted((ROOT / "deploy/kubernetes").glob("*.yaml")):
        yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


DOCUMENTS = list(_documents())


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {d["metadata"]["name"]: d for d in DOCUMENTS if d["kind"] == kind}


def procfile() -> dict[str, tuple[list[str], dict[str, str]]]:
    """Each process: its command, and what it sets."""
    found = {}
    for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines():
        name, _, said = line.partition(": ")
        words = said.removeprefix("env ").split()
        env = dict(word.split("=", 1) for word in words if re.match(r"\w+=", word))
        found[name] = ([word for word in words if not re.match(r"\w+=", word)], env)
    return found


@pytest.mark.parametrize("process", PROCESSES)
def test_every_process_runs_as_the_procfile_says(process: str) -> None:
    command, env = procfile()[process]
    (container,) = of_kind("Deployment")[process]["spec"]["template"]["spec"]["containers"]
    image = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
    given = {e["name"]: e["value"] for e in container.get("env", ())} | dict(re.findall(r"(dramatiq_\w+)=(\d+)", image))
    assert container["command"] == command == COMPOSE["services"][process]["command"]
    assert env.items() <= given.items()
    assert env.items() <= (COMPOSE["services"][process].get("environment", {}) | given).items()


def test_every_variable_that_is_set_is_one_that_is_read() -> None:
    config = {
        name
        for d in (*of_kind("ConfigMap").values(), *of_kind("Secret").values())
        for name in d.get("data", d.get("stringData", {}))
        if name.isupper()
    }
    pods = [d["spec"]["template"]["spec"] for d in of_kind("Deployment").values()]
    given = {e["name"] for pod in pods for c in pod["containers"] for e in c.get("env", ())}
    services = {name for s in COMPOSE["services"].values() for name in s.get("environment", {})} - {
        "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE"
    }  # fmt: skip
    assert (config | given | services) - OTHERS - known_names() == set()


def test_nobody_is_root_and_nothing_is_written_but_where_it_may() -> None:
    assert re.search(r"^USER 10001:10001$", (ROOT / "deploy/Containerfile").read_text(encoding="utf-8"), re.MULTILINE)
    for pod in (d["spec"]["template"]["spec"] for d in (*of_kind("Deployment").values(), *of_kind("Job").values())):
        assert pod["securityContext"]["runAsNonRoot"] is True
        for container in (*pod["containers"], *pod["initContainers"]):
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    for name in PROCESSES:
        assert COMPOSE["services"][name]["read_only"] is True


def test_a_key_file_is_its_readers_alone() -> None:
    """The vault refuses one that a group may read, which is all that a mounted secret can be."""
    for pod in (d["spec"]["template"]["spec"] for d in of_kind("Deployment").values()):
        volumes = {v["name"]: v for v in pod["volumes"]}
        assert "emptyDir" in volumes["keys"]
        assert pod["initContainers"][0]["command"][:3] == ["install", "-m", "600"]


def test_probes_ask_the_doors_that_there_are() -> None:
    (web,) = of_kind("Deployment")["web"]["spec"]["template"]["spec"]["containers"]
    assert web["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert web["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_readers_follow_the_age_of_what_waits_for_them() -> None:
    (metric,) = of_kind("HorizontalPodAutoscaler")["reader"]["spec"]["metrics"]
    told = metric["external"]["metric"]
    assert set(told["selector"]["matchLabels"]) == set(BY_NAME[told["name"]].labels)
    assert told["name"] in of_kind("ConfigMap")["zerotrip-external-metrics"]["data"]["config.yaml"]


def test_the_reader_calls_nobody_outside() -> None:
    (outside,) = (p for name, p in of_kind("NetworkPolicy").items() if name == "outside")
    assert outside["spec"]["podSelector"]["matchExpressions"][0]["values"] == ["web", "worker"]
    assert COMPOSE["services"]["reader"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert Path(ROOT / "deploy/kubernetes/70-network.yaml").is_file()
