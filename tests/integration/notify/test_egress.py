"""Encrypted requests to an address that was checked: the certificate has to be that of the name."""

import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.notify import egress
from services.notify.egress import NoAnswer, located, post, posting
from tests.integration.notify.receiver import Receiver, receiving


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Certificate and key of the name `localhost`, which this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    file = tmp_path / "localhost.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    egress.certificates.cache_clear()
    yield file
    egress.certificates.cache_clear()


@pytest.fixture
def receiver(certificate: Path) -> Iterator[Receiver]:
    """A server whose certificate names `localhost` and nothing else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with receiving(context) as kept:
        yield kept


async def answered(address: str) -> int:
    """The status that is answered there."""
    place = await located(address, allow_private=True)
    async with posting(2) as client:
        return (await post(client, place, b"{}", {}, 2)).status


async def test_the_certificate_is_that_of_the_name_though_the_connection_goes_to_its_address(
    receiver: Receiver,
) -> None:
    assert await answered(f"https://localhost:{receiver.port}/in") == 204
    assert receiver.seen[0].headers["host"] == f"localhost:{receiver.port}"
    with pytest.raises(NoAnswer):
        await answered(f"https://127.0.0.1:{receiver.port}/in")


async def test_no_redirect_is_followed_and_no_proxy_is_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answer = lambda _: 302
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert await answered(f"https://localhost:{receiver.port}/in") == 302
    assert len(receiver.seen) == 1
