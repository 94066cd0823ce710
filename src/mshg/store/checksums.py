"""Checksums of records, and digests of many of them.

They tell damage, not forgery: whoever can write the file can make them anew.
"""

from hashlib import blake2b
from zlib import crc32

_BYTES = 8  # one damage in 2**64 goes unseen


def checksum(content: bytes) -> int:
    """A number of 64 bits, with sign, as SQLite keeps them, that changes with any byte."""
    return int.from_bytes(blake2b(content, digest_size=_BYTES).digest(), "big", signed=True)


def mark(person_id: bytes) -> int:
    """A number of 32 bits that changes with an id: it only has to tell damage of so few bytes."""
    return crc32(person_id)


# A digest of many records is the exclusive or of their checksums: it does not depend on their
# order, and a record is added and taken out alike. SQLite has no exclusive or; this is one.
XOR_IN_SQL = "({0} | {1}) - ({0} & {1})"
