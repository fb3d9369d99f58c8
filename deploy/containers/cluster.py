"""Prepares a cluster in containers: python -m deploy.containers.cluster FOLDER [ID=PUBLIC_URL …] [options].

Writes the secrets, certificates and configurations of deploy/compose.cluster.yaml, and for each organisation those of
deploy/compose.organisation.yaml. What exists is kept, so that the same command later adds an organisation, or renews
certificates that end in two months. With --kubernetes it is for the chart in deploy/helm/ketluan, and with --postgres
PostgreSQL is elsewhere.
"""

import argparse
import json
import secrets
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from deploy.certificates import Pair, holds, issue, new_authority
from deploy.containers.secret_files import OpenToOthers, close, put
from deploy.exit_codes import REFUSED
from deploy.gateway.organisations import Site, caddyfile
from deploy.nats.cluster import Certificate, Keys, Node, node_configuration
from deploy.nats.permissions import REPAIR, USERS
from deploy.nats.witness import witness_users
from deploy.postgres.roles import OWNER, SERVICES, Database
from shared.nkey import new_seed, public_key
from shared.settings import web_address

DEFAULT = {"co-quan": "https://localhost:8443"}
NATS = ("nats-1", "nats-2", "nats-3")
POSTGRES = ("postgres-1", "postgres-2")
GATEWAY = "gateway"
COPIES = 2

NAMESPACE = "ketluan"
"""Where the chart's servers are, as their certificates say."""

_SECRETS = Path("/run/secrets")
_MADE_BY_THE_OPERATOR = ("smtp", "oidc", "chat")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cluster runs: `postgres` is each `host:port` of PostgreSQL, and in Kubernetes the copies of a service
    have one name."""

    postgres: tuple[str, ...] = tuple(f"{server}:5432" for server in POSTGRES)
    kubernetes: bool = False

    def copies(self, service: str, organisation: str) -> list[str]:
        """The host names by which the gateway reaches a service of an organisation."""
        if self.kubernetes:
            return [f"{service}.{organisation}"]
        return [f"{service}-{copy}.{organisation}" for copy in range(1, COPIES + 1)]


def prepare(
    folder: Path,
    organisations: Mapping[str, str],
    place: Place = Place(),
    parents: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """Writes what is missing for these organisations, beside those that are there, and gives its names. Each has the
    address by which people reach it. `parents` are the bodies that see the figures of another, by that other.

    Raises:
        OpenToOthers: the folder is open to others and holds other things too; nothing was written.
        ValueError: an id or an address is none, two have one host name, or a parent or a child is no organisation;
            nothing was written.
        OSError: the folder cannot be written.
    """
    wanted = {Database(name).organisation: web_address(url) for name, url in organisations.items()}
    there = {path.parent.name: path.read_text(encoding="utf-8") for path in folder.glob("*/public-url")}
    everybody = dict(sorted((there | wanted).items()))
    known = {path.parent.name: path.read_text(encoding="utf-8") for path in folder.glob("*/parent")} | dict(parents)
    if strange := sorted({*known, *known.values()} - set(everybody)):
        raise ValueError(f"{strange[0]} is none of the organisations, so it neither shares figures nor sees them")
    routes = caddyfile(_sites(everybody, place))
    close(folder, ())
    writer = _Writer(folder)
    for name, url in wanted.items():
        _prepare_organisation(writer, name, url, place)
    for name, url in everybody.items():
        _prepare_settings(writer, name, url, known)
    _prepare_certificates(writer, everybody, place)
    for name in ("postgres", "standby"):
        writer.once(name, secrets.token_urlsafe(24))
    _prepare_nats(writer, everybody, known)
    writer.always("Caddyfile", routes)
    return writer.made


class _Writer:
    """Writes files below a folder, and remembers which."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []

    def once(self, name: str, content: str) -> str:
        """The content of a file, which is made where it is missing."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else self.always(name, content)

    def always(self, name: str, content: str) -> str:
        """The content of a file that is made anew where it was another."""
        path = self.folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            put(path, content)
            self.made.append(name)
        return content

    def seed(self, name: str) -> str:
        """The public key of the NKey whose seed is in a file."""
        return public_key(self.once(name, new_seed()).strip())


def _prepare_organisation(writer: _Writer, name: str, url: str, place: Place) -> None:
    database = Database(name)
    writer.always(f"{name}/public-url", url)
    for user in USERS:
        writer.seed(f"{name}/nats-{user.name}")
    writer.seed(f"{name}/nats-witness")
    servers = ",".join(place.postgres)
    for kind in (OWNER, *SERVICES):
        role, password = database.role(kind), secrets.token_urlsafe(24)
        address = f"postgresql+asyncpg://{role}:{password}@{servers}/{database.name}"
        writer.once(f"{name}/database-{kind.rpartition('_')[2]}", address)
    writer.once(f"{name}/session-key", secrets.token_urlsafe(48))
    for given in _MADE_BY_THE_OPERATOR:
        writer.once(f"{name}/{given}", "")


def _prepare_settings(writer: _Writer, name: str, url: str, parents: Mapping[str, str]) -> None:
    if name in parents:
        writer.always(f"{name}/parent", parents[name])
    settings = {
        "COMPOSE_PROJECT_NAME": f"ketluan-{name}",
        "KETLUAN_ORGANISATION": name,
        "KETLUAN_PUBLIC_URL": url,
        "KETLUAN_SECRETS_FOLDER": str((writer.folder / name).resolve()),
        "KETLUAN_CLUSTER_FOLDER": str(writer.folder.resolve()),
        "KETLUAN_SHARES_SUMMARY": str(name in parents).lower(),
        "KETLUAN_CHILDREN": json.dumps(sorted(child for child, of in parents.items() if of == name)),
    }
    writer.always(f"{name}/settings", "".join(f"{key}={value}\n" for key, value in settings.items()))


def _prepare_certificates(writer: _Writer, organisations: Mapping[str, str], place: Place) -> None:
    if not (writer.folder / "authority-key").exists():
        made = new_authority()
        writer.always("authority", made.certificate)
        writer.always("authority-key", made.key)
    authority = Pair(writer.once("authority", ""), writer.once("authority-key", ""))
    known = {server: [server, f"{server}.{NAMESPACE}", "127.0.0.1"] for server in (*NATS, *POSTGRES)}
    known[GATEWAY] = [site.host for site in _sites(organisations, place)]
    for name in organisations:
        known[f"{name}/service"] = [host for service in _SERVICES for host in place.copies(service, name)]
    for name, hosts in known.items():
        path = writer.folder / f"{name}.certificate"
        if path.exists() and holds(path.read_text(encoding="utf-8"), authority.certificate, hosts):
            continue
        pair = issue(authority, hosts)
        writer.always(f"{name}.key", pair.key)
        writer.always(f"{name}.certificate", pair.certificate)


def _keys(writer: _Writer, organisation: str) -> dict[str, str]:
    """The public keys of an organisation's users; of `repair` too while the operator keeps a seed for it there."""
    users = (*USERS, REPAIR) if (writer.folder / organisation / f"nats-{REPAIR.name}").exists() else USERS
    return {user.name: writer.seed(f"{organisation}/nats-{user.name}") for user in users}


def _prepare_nats(writer: _Writer, organisations: Iterable[str], parents: Mapping[str, str]) -> None:
    known = tuple(organisations)
    witness = {user.name: writer.seed(f"nats-{user.name}") for user in witness_users(())}
    readers = [user.name for user in witness_users(known) if user.name not in witness]
    witness |= {reader: writer.seed(f"{name}/nats-witness") for name, reader in zip(known, readers, strict=True)}
    keys = Keys(
        {name: _keys(writer, name) for name in known},
        witness,
        writer.seed("nats-system"),
        parents,
    )
    proof = Certificate(_SECRETS / "certificate", _SECRETS / "key", _SECRETS / "authority")
    for server in NATS:
        node = Node(server, "0.0.0.0:4222", "0.0.0.0:6222", Path("/log"), "", f"{server}:6222")
        routes = [f"{other}:6222" for other in NATS]
        writer.always(f"{server}.conf", node_configuration(node, routes, keys, proof))


_SERVICES = ("intake", "tasks", "notify")


def _sites(organisations: Mapping[str, str], place: Place) -> list[Site]:
    return [
        Site(url, {service: [f"{host}:8000" for host in place.copies(service, name)] for service in _SERVICES})
        for name, url in organisations.items()
    ]


def main() -> None:
    """Prepares the folder that is named, for the organisations that are named, or for one."""
    parser = argparse.ArgumentParser(description="Makes what is missing of a cluster's secrets and configurations.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[1] / "cluster")
    parser.add_argument("organisations", nargs="*", metavar="ID=PUBLIC_URL")
    parser.add_argument(
        "--below", nargs="*", default=[], metavar="CHILD=PARENT", help="whose figures another organisation sees"
    )
    parser.add_argument("--kubernetes", action="store_true", help="for the chart in deploy/helm/ketluan")
    parser.add_argument("--postgres", default=",".join(Place().postgres), metavar="HOST:PORT,…")
    given = parser.parse_args()
    named = dict(each.partition("=")[::2] for each in given.organisations)
    known = any(given.folder.glob("*/public-url"))
    place = Place(tuple(given.postgres.split(",")), given.kubernetes)
    try:
        parents = dict(each.partition("=")[::2] for each in given.below)
        made = prepare(given.folder, named or ({} if known else DEFAULT), place, parents)
    except (OpenToOthers, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(REFUSED)
    sys.stdout.write(f"{given.folder}: {', '.join(made) or 'nothing was missing'}\n")


if __name__ == "__main__":
    main()
