"""A real JetStream cluster for tests: three nats-server processes on 127.0.0.1, of which each can be killed, started
again and held still."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from pydantic import SecretStr

from deploy.certificates import Pair, issue, new_authority
from deploy.nats.cluster import Certificate, Keys, accounts, clients_tls, cluster
from deploy.nats.permissions import REPAIR, USERS
from deploy.nats.witness import witness_users
from shared.nkey import new_seed, public_key
from shared.settings import NatsSettings
from tests.servers import NatsServer, free_port

NODES = 3


@dataclass
class ClusterNode(NatsServer):
    """One node. It takes work once it knows who leads the cluster."""

    name: str = ""
    monitor: int = field(default_factory=free_port)

    def prepare(self) -> None:
        """Writes its configuration."""
        self.extra = f'server_name: {self.name}\nhttp: "127.0.0.1:{self.monitor}"\n{self.extra}'
        super().prepare()

    def answers(self) -> bool:
        """Whether it is one of a cluster that has a leader."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{self.monitor}/healthz", timeout=1).status_code == httpx.codes.OK
        return False

    def jetstream(self) -> list[dict[str, Any]]:
        """What it knows of the streams of each account, with `name`, `account` and `cluster.leader`.

        Raises:
            httpx.HTTPError: it does not answer.
        """
        asked = {"accounts": True, "streams": True, "config": True}
        answer = httpx.get(f"http://127.0.0.1:{self.monitor}/jsz", params=asked, timeout=2).json()
        return [
            stream | {"account": account["name"]}
            for account in answer.get("account_details", [])
            for stream in account.get("stream_detail", [])
        ]


@dataclass
class NatsCluster:
    """Three nodes that keep every stream of three replicas and sync every write to disk.

    Without `organisations` nobody is asked who it is, as by `NatsServer`. With them each is an account with the users
    of the table of permissions, and `repair` besides, and there is the WITNESS. `encrypted` demands TLS of clients and
    between nodes.
    """

    organisations: tuple[str, ...] = ()
    encrypted: bool = False
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="ketluan-test-cluster-")))
    nodes: list[ClusterNode] = field(default_factory=list)
    seeds: dict[tuple[str, str], str] = field(default_factory=dict)
    """The seed of each (organisation, user); the organisation of the users of the WITNESS is "witness"."""
    signer: Pair = field(default_factory=lambda: new_authority("tests"))

    @property
    def url(self) -> str:
        """The addresses of all nodes."""
        scheme = "tls" if self.encrypted else "nats"
        return ",".join(f"{scheme}://127.0.0.1:{node.port}" for node in self.nodes)

    @property
    def authority(self) -> Path | None:
        """The certificate of the authority that signed those of the nodes."""
        return self.folder / "authority.pem" if self.encrypted else None

    def settings(self, organisation: str = "", user: str = "") -> NatsSettings:
        """How a user reaches it."""
        seed = SecretStr(self.seeds[organisation, user] if user else "")
        return NatsSettings(
            nats_url=self.url, nats_ca=self.authority, nats_user=user, nats_seed=seed, nats_replicas=NODES
        )

    def leader(self, stream: str) -> ClusterNode:
        """The node that leads a stream.

        Raises:
            LookupError: none does, or not one node answers.
        """
        names = {node.name: node for node in self.nodes}
        for node in self.nodes:
            with suppress(httpx.HTTPError):
                for found in node.jetstream():
                    leader = found.get("cluster", {}).get("leader")
                    if found["name"] == stream and leader in names:
                        return names[leader]
        raise LookupError(f"nobody leads {stream}")

    def followers(self, stream: str) -> list[ClusterNode]:
        """The other nodes.

        Raises:
            LookupError: as `leader`.
        """
        leader = self.leader(stream)
        return [node for node in self.nodes if node is not leader]

    def start(self) -> None:
        """Starts every node that does not run, and returns when they are one cluster again.

        Raises:
            ServerDidNotStart: one of them does not answer in time.
        """
        for node in self.nodes:
            node.start_soon()
        for node in self.nodes:
            node.wait()

    def __enter__(self) -> Self:
        self.folder.mkdir(exist_ok=True)
        rights = accounts(self._keys()) if self.organisations else ""
        signed = certificate(self.folder, self.signer, "localhost", "127.0.0.1") if self.encrypted else None
        routes = [free_port() for _ in range(NODES)]
        known = [f"localhost:{port}" for port in routes]
        for number, route in enumerate(routes, start=1):
            extra = cluster(f"127.0.0.1:{route}", known, signed) + clients_tls(signed) + rights
            self.nodes.append(ClusterNode(name=f"nats-{number}", extra=extra))
        try:
            for node in self.nodes:
                node.prepare()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Each gives its streams away when it ends in order, which takes until there is nobody to take them.
        with ExitStack() as ending:
            ending.callback(shutil.rmtree, self.folder, ignore_errors=True)
            for node in self.nodes:
                ending.callback(shutil.rmtree, node.folder, ignore_errors=True)
                ending.callback(node.kill)

    def _keys(self) -> Keys:
        rows = [(organisation, user.name) for organisation in self.organisations for user in (*USERS, REPAIR)]
        rows += [("witness", user.name) for user in witness_users(self.organisations)]
        self.seeds |= {row: new_seed() for row in (*rows, ("", "system"))}
        keys = {row: public_key(seed) for row, seed in self.seeds.items()}
        return Keys(
            {each: {user: key for (whose, user), key in keys.items() if whose == each} for each in self.organisations},
            {user: key for (whose, user), key in keys.items() if whose == "witness"},
            keys["", "system"],
        )


def certificate(folder: Path, authority: Pair, *names: str) -> Certificate:
    """A certificate for these names, in files of a folder."""
    signed = issue(authority, names)
    found = Certificate(folder / "nats.pem", folder / "nats.key", folder / "authority.pem")
    found.certificate.write_text(signed.certificate)
    found.key.write_text(signed.key)
    found.authority.write_text(authority.certificate)
    return found


@contextmanager
def held_still(*nodes: NatsServer) -> Iterator[None]:
    """Servers that neither end nor do anything for as long as the block lasts."""
    for node in nodes:
        node.pause()
    try:
        yield
    finally:
        for node in nodes:
            node.resume()
