"""Where PostgreSQL is, as settings say it."""

import pytest

from shared.database_address import Address


def test_an_address_of_several_servers_is_said_as_it_was_given() -> None:
    url = "postgresql+asyncpg://ketluan_tasks:p%40ss@one:5432,two:5433/ketluan?sslmode=require"
    address = Address.parse(url)
    assert (address.password, address.servers, address.database) == ("p@ss", ("one:5432", "two:5433"), "ketluan")
    assert str(address) == url
    assert address.dsn("two:5433") == "postgresql://ketluan_tasks:p%40ss@two:5433/ketluan?sslmode=require"


def test_with_an_authority_every_server_has_to_prove_its_name() -> None:
    address = Address.parse("postgresql+asyncpg://one/ketluan?sslmode=disable").verified_by("/run/secrets/ca")
    assert dict(address.options) == {"sslmode": "verify-full", "sslrootcert": "/run/secrets/ca"}


@pytest.mark.parametrize("place", ["", "one:5432,", "one:0", "one:x", "one:70000", ",two"])
def test_a_place_without_a_server_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match="must be postgresql"):
        Address.parse(f"postgresql+asyncpg://user:secret@{place}/ketluan")
