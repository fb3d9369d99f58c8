"""Certificates for the servers of one installation, by an authority of its own that nobody else trusts.

Source: RFC 5280; https://cryptography.io/en/latest/x509/tutorial/
"""

import datetime as dt
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_DAYS = 3650
_SERVER_DAYS = 730
_RENEW_DAYS = 60
_CLOCKS_DIFFER = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, both as PEM. The key is a secret."""

    certificate: str
    key: str


def new_authority(name: str = "ketluan") -> Pair:
    """An authority that signs servers' certificates for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _named(f"{name} authority")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    signed = (
        _dated(subject, subject, key.public_key(), _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return _pair(signed, key)


def issue(authority: Pair, names: Iterable[str]) -> Pair:
    """A certificate with which whoever goes by these host names or addresses proves it, as server and as client, for
    two years.

    Raises:
        ValueError: the authority is none.
    """
    issuer = x509.load_pem_x509_certificate(authority.certificate.encode())
    signer = serialization.load_pem_private_key(authority.key.encode(), password=None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise ValueError("the authority's key is none of an elliptic curve")
    known = list(dict.fromkeys(names))
    key = ec.generate_private_key(ec.SECP256R1())
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    signed = (
        _dated(_named(known[0]), issuer.subject, key.public_key(), _SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName(map(_alternative, known)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(identifier, critical=False)
        .sign(signer, hashes.SHA256())
    )
    return _pair(signed, key)


def holds(certificate: str, authority: str, names: Iterable[str]) -> bool:
    """Whether a certificate (PEM) was signed by an authority (PEM) for exactly these names, and lasts 60 days more."""
    try:
        found = x509.load_pem_x509_certificate(certificate.encode())
        found.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.encode()))
        alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it does not hold
        return False
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=_RENEW_DAYS)
    return {str(each.value) for each in alternatives} == set(names) and found.not_valid_after_utc > until


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _dated(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Pair(certificate.public_bytes(serialization.Encoding.PEM).decode(), encoded.decode())
