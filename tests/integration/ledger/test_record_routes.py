"""What an auditor with a verifier of their own gets from the record over HTTP."""

from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path

import httpx
from nats.aio.client import Client

from services.tasks.ledger.checkpoint import Checkpoint, checkpoint_of
from services.tasks.ledger.keys import keep_key, new_signing_key, signature_is_right
from services.tasks.ledger.note import confirmed, verifier_of
from services.tasks.ledger.tiles import Tile, entries_in, split, tiles_of
from services.tasks.ledger.tree import (
    Frontier,
    complete_root,
    hash_of_leaf,
    is_consistent,
    is_included,
)
from shared.log.append import append
from tests.examples import conclusion, task_entry
from tests.identity import signed
from tests.integration.tasks.test_register import notice
from tests.processes import tasks
from tests.servers import PostgresServer, run_sql

NAME = "ketluan.example.vn/v1/record"
FAR = (25_675_305, 1_795_000_000, 2**40, 2**63 - 1)
"""Trees whose tiles, were they made before anybody looked how large the ledger is, would take the service down."""

LAST = "x036/x028/x797/x018/x963"
FAR_TILES = (f"entries/{LAST}/967", f"0/{LAST}/967", f"entries/{LAST}/966", f"0/{LAST}/966.p/9", "3/001", "7/000")


async def issued(http: httpx.AsyncClient) -> Checkpoint:
    """A checkpoint that is issued now, once its note is confirmed by a key of the record."""
    given = await http.post("/v1/record/checkpoints")
    assert given.status_code in {200, 201}, given.text
    note = (await http.get("/v1/record/checkpoint")).text
    assert note == given.json()["note"] == (await http.get(given.headers["Location"])).json()["note"]
    keys = [verifier_of(key["verifier_key"]) for key in (await http.get("/v1/record/keys")).json()]
    return checkpoint_of(confirmed(note.encode(), keys, signature_is_right))


async def test_an_auditor_needs_to_trust_nobody(
    log_client: Client, nats_url: str, tasks_database_url: str, postgres_server: PostgresServer, database_name: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    settings = {"CHECKPOINT_KEY_FILE": str(tmp_path / "key"), "CHECKPOINT_FOLDER": str(tmp_path / "told")}
    await append(log_client, notice(conclusion(280)))
    with tasks(nats_url, tasks_database_url, **settings) as service:
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed("auditor")) as http:
            none = await http.get("/v1/record/checkpoint")
            assert (none.status_code, none.json()["code"]) == (404, "no-checkpoint")
            assert "ketluan checkpoint issue" in none.json()["detail"]
            assert (await http.get("/v1/record/keys")).json() == []
            refused = await http.post("/v1/record/checkpoints")
            assert (refused.status_code, refused.json()["code"]) == (409, "no-checkpoint-key")
            assert "ketluan key create" in refused.json()["detail"]
            keep_key(new_signing_key(NAME), tmp_path / "key")
            first = await issued(http)
            assert first.origin == NAME
            await append(log_client, [task_entry(f"more {number}") for number in range(300)])
            second = await issued(http)
            assert second.size >= first.size + 300
            assert (tmp_path / "told" / "checkpoint").read_text() == (await http.get("/v1/record/checkpoint")).text

            await the_tiles_make_the_tree(http, second)
            await proofs_hold(http, first, second)
            await nonsense_is_refused(http, second.size)

            administrator = postgres_server.url(database_name)
            harm = "UPDATE ledger.event SET content = content || ' ' WHERE sequence = 7"
            await run_sql(administrator, "SET session_replication_role = replica", harm)
            await append(log_client, [task_entry("after")])
            refused = await http.post("/v1/record/checkpoints")
            assert (refused.status_code, refused.json()["code"]) == (409, "record-altered")
            assert "event 7" in refused.json()["detail"]
            assert "event 7" in (await http.get("/readyz")).json()["notes"]["checkpoints"]


async def the_tiles_make_the_tree(http: httpx.AsyncClient, checkpoint: Checkpoint) -> None:
    """Every tile and bundle of the tree is there, and together they make the root that was signed."""
    frontier, leaves = Frontier(), list[bytes]()
    for tile in tiles_of(checkpoint.size):
        given = await http.get(f"/v1/record/tile/{tile.path}")
        assert given.headers["content-type"] == "application/octet-stream"
        hashes = split(given.content)
        assert len(hashes) == tile.width
        if tile.level == 0:
            bundle = await http.get(f"/v1/record/tile/{Tile(None, tile.index, tile.width).path}")
            assert [hash_of_leaf(entry) for entry in entries_in(bundle.content)] == hashes
            leaves += hashes
        else:
            assert hashes == [complete_root(leaves[place : place + 256]) for place in range(0, len(leaves) - 255, 256)]
    for leaf in leaves:
        frontier.add(0, leaf)
    assert frontier.root() == checkpoint.root


async def proofs_hold(http: httpx.AsyncClient, first: Checkpoint, second: Checkpoint) -> None:
    """Proofs of events and between checkpoints are accepted by what never saw the ledger."""
    for sequence in (1, 256, 257, first.size, second.size):
        given = (await http.get("/v1/record/proofs/inclusion", params={"sequence": sequence})).json()
        proof = [bytes.fromhex(each) for each in given["proof"]]
        leaf = hash_of_leaf(b64decode(given["leaf"]))
        assert given["size"] == second.size
        assert given["checkpoint"]
        assert is_included(leaf, sequence - 1, second.size, proof, second.root)
    first_event = (await http.get("/v1/events", params={"limit": 1})).json()[0]
    named = (await http.get("/v1/record/proofs/inclusion", params={"event": first_event["event"]["id"]})).json()
    assert (named["sequence"], named["size"]) == (first_event["sequence"], second.size)
    older = {"sequence": 5, "size": first.size}
    given = (await http.get("/v1/record/proofs/inclusion", params=older)).json()
    assert given["root"] == first.root.hex()
    between = {"from": first.size, "to": second.size}
    given = (await http.get("/v1/record/proofs/consistency", params=between)).json()
    proof = [bytes.fromhex(each) for each in given["proof"]]
    assert is_consistent(first.size, second.size, first.root, second.root, proof)
    listed = (await http.get("/v1/record/checkpoints", params={"limit": 1})).json()
    assert [each["size"] for each in listed] == [second.size]


async def nonsense_is_refused(http: httpx.AsyncClient, size: int) -> None:
    """What does not exist is not found, and what cannot be asked is named."""
    near = ("0/999", "0/000.p/256", "9/000", "entries/099", "0/../key", "0/002.p/255", "x", "0/001%00")
    for path in (*near, *FAR_TILES):
        assert (await http.get(f"/v1/record/tile/{path}")).status_code == 404, path
    assert (await http.get(f"/v1/record/checkpoints/{size - 1}")).status_code == 404
    refused: list[tuple[str, Mapping[str, int | str], str]] = [
        ("inclusion", {"sequence": size + 100}, "sequence"),
        ("inclusion", {"sequence": 5, "size": 4}, "size"),
        ("inclusion", {"sequence": 5, "size": size + 100}, "size"),
        ("inclusion", {"sequence": 2**63}, "/sequence"),
        ("inclusion", {"sequence": 5, "event": "x"}, "event"),
        ("inclusion", {}, "event"),
        *(("inclusion", {"sequence": 5, "size": far}, "size") for far in FAR),
        *(("consistency", {"from": old, "to": far}, "to") for far in FAR for old in (1, 255, far - 1, far)),
        ("consistency", {"from": 5, "to": 4}, "to"),
        ("consistency", {"from": 5, "to": size + 100}, "to"),
    ]
    for path, parameters, pointer in refused:
        given = await http.get(f"/v1/record/proofs/{path}", params=parameters)
        assert given.status_code == 422, (path, parameters)
        assert given.json()["errors"][0]["pointer"] == pointer
    for event in ("nothing", "%", "_" * 36, "\\"):
        assert (await http.get("/v1/record/proofs/inclusion", params={"event": event})).status_code == 404
