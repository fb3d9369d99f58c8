"""What one command prepares for a cluster of several organisations."""

import stat
from pathlib import Path

import pytest
import yaml

from deploy.certificates import holds, new_authority
from deploy.containers.cluster import NATS, Place, prepare
from deploy.containers.secret_files import OpenToOthers
from shared.database_address import Address

TWO = {"so-khcn": "https://khcn.example.vn", "so-xay-dung": "https://xd.example.vn"}
DEPLOY = Path(__file__).parents[3] / "deploy"


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_each_organisation_has_secrets_that_no_other_has(tmp_path: Path) -> None:
    prepare(tmp_path / "cluster", TWO)
    first, second = ({path.name: path.read_text() for path in (tmp_path / "cluster" / name).iterdir()} for name in TWO)
    assert set(first) == set(second)
    assert not [name for name, content in first.items() if content and content == second[name]]
    tasks = Address.parse(first["database-tasks"])
    assert (tasks.user, tasks.database) == ("ketluan_so_khcn_tasks", "ketluan_so_khcn")
    assert tasks.servers == ("postgres-1:5432", "postgres-2:5432")


def test_doing_it_again_changes_nothing_and_an_organisation_more_changes_no_secret(tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    prepare(folder, {"so-khcn": TWO["so-khcn"]})
    before = contents(folder)
    assert not prepare(folder, {})
    prepare(folder, TWO)
    after = contents(folder)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"Caddyfile", "gateway.certificate", "gateway.key", *(f"{node}.conf" for node in NATS)}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_parent_is_told_of_by_both_sides_and_stays_one(tmp_path: Path) -> None:
    folder, below = tmp_path / "cluster", {"so-khcn": "so-xay-dung"}
    prepare(folder, TWO, parents=below)
    assert not prepare(folder, {})
    assert "KETLUAN_SHARES_SUMMARY=true" in (folder / "so-khcn/settings").read_text()
    assert 'KETLUAN_CHILDREN=["so-khcn"]' in (folder / "so-xay-dung/settings").read_text()
    assert '"to": "children.so-khcn"' in (folder / "nats-1.conf").read_text()
    with pytest.raises(ValueError, match="so-la"):
        prepare(folder, {}, parents={"so-la": "so-khcn"})


def test_no_configuration_holds_a_secret(tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    prepare(folder, TWO)
    made = contents(folder)
    seeds = [content for name, content in made.items() if "nats-" in name and content.startswith("SU")]
    shown = "".join(content for name, content in made.items() if name.endswith(".conf") or name == "Caddyfile")
    assert seeds
    assert not [seed for seed in seeds if seed in shown]
    assert "PRIVATE KEY" not in shown


def test_a_certificate_of_another_authority_or_for_other_names_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    prepare(folder, TWO)
    authority = (folder / "authority").read_text()
    certificate = (folder / "nats-1.certificate").read_text()
    names = ["nats-1", "nats-1.ketluan", "127.0.0.1"]
    assert holds(certificate, authority, names)
    assert not holds(certificate, authority, ["nats-2"])
    assert not holds(certificate, new_authority().certificate, names)
    (folder / "nats-1.certificate").unlink()
    (folder / "nats-1.certificate").write_text("torn")
    assert prepare(folder, {}) == ["nats-1.key", "nats-1.certificate"]


def test_the_gateway_tells_organisations_apart_by_host_and_spreads_over_copies(tmp_path: Path) -> None:
    prepare(tmp_path / "compose", TWO)
    prepare(tmp_path / "kubernetes", TWO, Place(("ketluan-rw:5432",), kubernetes=True))
    compose, kubernetes = (
        (tmp_path / name / "Caddyfile").read_text().split("https://xd.example.vn:")
        for name in ("compose", "kubernetes")
    )
    assert "tasks-1.so-khcn:8000 tasks-2.so-khcn:8000" in compose[0]
    assert "so-xay-dung" not in compose[0]
    assert "so-khcn" not in compose[1]
    assert "tasks.so-xay-dung:8000" in kubernetes[1]


@pytest.mark.parametrize("organisations", [{"so_khcn": "https://a.vn"}, {"so-khcn": "a.vn"}])
def test_what_names_no_organisation_makes_nothing(tmp_path: Path, organisations: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"is no id|must be an address"):
        prepare(tmp_path / "cluster", organisations)
    assert not (tmp_path / "cluster").exists()


def test_two_organisations_need_two_names(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="each needs its own"):
        prepare(tmp_path / "cluster", dict.fromkeys(TWO, "https://khcn.example.vn"))
    assert not (tmp_path / "cluster").exists()


def test_a_folder_of_other_things_that_is_open_to_others_gets_no_secret(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(OpenToOthers, match=r"letter\.txt"):
        prepare(tmp_path, TWO)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("file", "variable", "below"),
    [
        ("compose.cluster.yaml", "${KETLUAN_CLUSTER_FOLDER:-./cluster}/", ""),
        ("compose.organisation.yaml", "${KETLUAN_SECRETS_FOLDER}/", "so-khcn/"),
        ("compose.organisation.yaml", "${KETLUAN_CLUSTER_FOLDER:-./cluster}/", ""),
    ],
)
def test_compose_asks_for_files_that_are_made(tmp_path: Path, file: str, variable: str, below: str) -> None:
    prepare(tmp_path / "cluster", TWO)
    text = (DEPLOY / file).read_text(encoding="utf-8").replace("!reset", "").replace("!override", "")
    described = yaml.safe_load(text)
    asked = [each["file"] for each in {**described["secrets"], **described.get("configs", {})}.values()]
    named = [each.removeprefix(variable) for each in asked if each.startswith(variable)]
    assert named
    assert not [name for name in named if not (tmp_path / "cluster" / f"{below}{name}").is_file()]
