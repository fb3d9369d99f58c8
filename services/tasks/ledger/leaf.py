"""The Merkle leaf of an event: what is hashed, and how."""

import hashlib
import struct

from shared.log.record import Record

_LEAF = b"\x00"


def leaf_input(record: Record) -> bytes:
    """The bytes that an event's leaf stands for: sequence (8 bytes, big endian), the subject's length in bytes
    (2 bytes, big endian), the subject in UTF-8, and the SHA-256 of the event's exact bytes (32 bytes)."""
    subject = record.subject.encode()
    return struct.pack(">QH", record.sequence, len(subject)) + subject + hashlib.sha256(record.content).digest()


def leaf_hash(record: Record) -> bytes:
    """The 32-byte leaf hash: SHA-256 of a zero byte and the leaf's input. Source: RFC 9162, section 2.1.1."""
    return hashlib.sha256(_LEAF + leaf_input(record)).digest()


LEAF_HASH_IN_SQL = (
    "sha256('\\x00'::bytea || int8send(sequence) || int2send(octet_length(subject)::int2) "
    "|| convert_to(subject, 'UTF8') || sha256(content))"
)
"""The same over a row of `ledger.event`, worked out by PostgreSQL from the bytes of the row."""
