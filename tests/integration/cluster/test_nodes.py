"""Who is a node of the cluster."""

from pathlib import Path

import httpx
import pytest

from deploy.certificates import Pair, new_authority
from deploy.nats.cluster import clients_tls, cluster
from tests.cluster import ClusterNode, NatsCluster, certificate
from tests.servers import free_port, in_time


@pytest.mark.parametrize("whose", ["of another host", "of another authority"])
def test_a_server_with_a_certificate_that_is_none_of_the_nodes_does_not_become_one(
    organisations: NatsCluster, tmp_path: Path, whose: str
) -> None:
    authority: Pair = organisations.signer if whose == "of another host" else new_authority("somebody else")
    name = "elsewhere" if whose == "of another host" else "localhost"
    theirs = certificate(tmp_path, authority, name)
    if organisations.authority is not None:
        theirs.authority.write_text(organisations.authority.read_text())
    routes = [_route(node) for node in organisations.nodes]
    stranger = ClusterNode(name="stranger", extra=cluster(f"127.0.0.1:{free_port()}", routes, theirs))
    stranger.extra += clients_tls(theirs)
    stranger.prepare()
    stranger.start_soon()
    try:
        assert in_time(lambda: (stranger.folder / "output").read_text().count("Route connection created") >= 6)
        for node in organisations.nodes:
            known = httpx.get(f"http://127.0.0.1:{node.monitor}/routez").json()["routes"]
            assert {each["remote_name"] for each in known} == {
                other.name for other in organisations.nodes if other is not node
            }
    finally:
        stranger.kill()


def _route(node: ClusterNode) -> str:
    """Where other nodes reach one."""
    told = httpx.get(f"http://127.0.0.1:{node.monitor}/varz").json()["cluster"]
    return f"localhost:{told['cluster_port']}"
