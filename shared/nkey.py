"""NKeys: whoever knows a seed proves it by a signature, and whoever checks that knows the public key alone.

Source: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth
"""

import base64
import secrets

import nkeys

_SEED_BYTES = 32


def new_seed() -> str:
    """The seed of a new user: a secret of 58 letters and digits that begins with SU."""
    return str(nkeys.encode_seed(secrets.token_bytes(_SEED_BYTES), nkeys.PREFIX_BYTE_USER).decode())


def is_seed(text: str) -> bool:
    """Whether a text is the seed of a user."""
    try:
        _pair(text)
    except ValueError:
        return False
    return True


def public_key(seed: str) -> str:
    """What the server knows of whoever has a seed: 56 letters and digits that begin with U; no secret.

    Raises:
        ValueError: it is no seed of a user.
    """
    return str(_pair(seed).public_key.decode())


def signature(seed: str, nonce: str) -> str:
    """What proves to a server that gave a nonce that the seed is known, as base64.

    Raises:
        ValueError: it is no seed of a user.
    """
    return base64.b64encode(_pair(seed).sign(nonce.encode())).decode()


def _pair(seed: str) -> nkeys.KeyPair:
    try:
        kind, raw = nkeys.decode_seed(seed.encode("ascii"))
        # The library does not look at the checksum.
        sound = kind == nkeys.PREFIX_BYTE_USER and nkeys.encode_seed(bytes(raw), kind) == seed.encode()
    except (nkeys.NkeysError, ValueError) as error:
        raise ValueError("must be the seed of an NKey user, which begins with SU") from error
    if not sound:
        raise ValueError("must be the seed of an NKey user, which begins with SU")
    return nkeys.from_seed(bytearray(seed.encode()))
