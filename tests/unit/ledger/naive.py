"""RFC 9162's definitions of trees and proofs, word for word and slow: what the code is compared with."""

from collections.abc import Sequence
from hashlib import sha256


def split(count: int) -> int:
    """k, the largest power of two smaller than n."""
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def mth(entries: Sequence[bytes]) -> bytes:
    """MTH(D_n). Source: RFC 9162, section 2.1.1."""
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D_n). Source: RFC 9162, section 2.1.3.1."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if index < k:
        return [*path(index, entries[:k]), mth(entries[k:])]
    return [*path(index - k, entries[k:]), mth(entries[:k])]


def proof(old: int, entries: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D_n). Source: RFC 9162, section 2.1.4.1."""
    return _subproof(old, entries, known=True)


def _subproof(old: int, entries: Sequence[bytes], *, known: bool) -> list[bytes]:
    if old == len(entries):
        return [] if known else [mth(entries)]
    k = split(len(entries))
    if old <= k:
        return [*_subproof(old, entries[:k], known=known), mth(entries[k:])]
    return [*_subproof(old - k, entries[k:], known=False), mth(entries[:k])]
