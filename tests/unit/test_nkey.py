"""NKeys: who knows a seed can be told from who does not."""

import base64
import json
from pathlib import Path

import nkeys
import pytest

from deploy.embedded.folder import DataFolder
from shared.nkey import is_seed, new_seed, public_key, signature


def test_what_a_seed_signs_is_confirmed_by_its_public_key_alone() -> None:
    seed, other = new_seed(), new_seed()
    signed = base64.b64decode(signature(seed, "nonce"))
    assert nkeys.from_seed(bytearray(seed.encode())).verify(b"nonce", signed)
    with pytest.raises(nkeys.ErrInvalidSignature):
        nkeys.from_seed(bytearray(other.encode())).verify(b"nonce", signed)
    assert public_key(seed) != public_key(other)


@pytest.mark.parametrize(
    "spoilt",
    ["", "password", "SU", "ư" * 58, new_seed()[:-1], new_seed().lower(), new_seed() + "A"],
    ids=["nothing", "a word", "a prefix", "other letters", "too short", "lower case", "too long"],
)
def test_what_is_no_seed_is_refused_without_being_told(spoilt: str) -> None:
    assert not is_seed(spoilt)
    with pytest.raises(ValueError, match="begins with SU") as refused:
        public_key(spoilt)
    assert len(spoilt) < 10 or spoilt not in str(refused.value)


def test_a_slip_in_a_seed_is_noticed() -> None:
    seed = new_seed()
    assert not is_seed(seed[:20] + ("B" if seed[20] == "A" else "A") + seed[21:])


def test_a_data_folder_of_an_earlier_version_gets_seeds_in_the_place_of_passwords(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.json"
    secrets.write_text(json.dumps({"nats/intake": "a-password", "postgres/postgres": "kept"}))
    folder = DataFolder(tmp_path)

    made = folder.seeds(("nats/intake",))

    assert is_seed(made["nats/intake"])
    assert folder.seeds(("nats/intake",)) == made
    assert folder.passwords(("postgres/postgres",)) == {"postgres/postgres": "kept"}
