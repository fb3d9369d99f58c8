"""Addresses that others give: what is refused before anything is sent there."""

from ipaddress import ip_address

import pytest

from services.notify.egress import AddressRefused, is_public, located


@pytest.mark.parametrize(
    "address",
    ["10.0.0.8", "172.16.3.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1",
     "::10.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b:1::a00:1"],
)  # fmt: skip
def test_an_address_of_a_private_network_is_known_in_every_guise(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/in", "private"),
        ("https://127.1/in", "private"),
        ("https://2130706433/in", "private"),
        ("https://[::1]/in", "private"),
        ("https://localhost/in", "private"),
        ("http://127.0.0.1/in", "unencrypted"),
        ("https://user:password@8.8.8.8/in", "unusable"),
        ("ftp://8.8.8.8/in", "unusable"),
        ("https:///in", "unusable"),
        ("https://8.8.8.8/in#part", "unusable"),
        ("https://8.8.8.8:99999/in", "unusable"),
        ("https://nobody.invalid/in", "unknown-host"),
        ("https://" + "a" * 70 + ".example/in", "unknown-host"),
    ],
)
async def test_what_is_refused(url: str, code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        await located(url, allow_private=False)
    assert refused.value.code == code


async def test_a_private_address_may_be_allowed_without_encryption_but_a_public_one_may_not() -> None:
    assert (await located("http://127.0.0.1:8000/in", allow_private=True)).ips == ("127.0.0.1",)
    with pytest.raises(AddressRefused, match="unencrypted"):
        await located("http://8.8.8.8/in", allow_private=True)
