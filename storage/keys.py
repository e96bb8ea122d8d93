"""Encryption: a key for every person, wrapped by the master key that lives outside the database.

A sealed value is version byte, 12-byte nonce, AES-GCM ciphertext with its 16-byte tag. The associated data names the
table and the row, so that a value moved to another row does not open.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from hmac import digest
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12
MOST_KEPT: Final = 20_000
"""Unwrapped keys kept in memory at once (about 1 kB each)."""


class WrongKeyError(Exception):
    """What was sealed does not open with this key."""


class Box:
    """Seals and opens under one key."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, content: bytes, place: str) -> bytes:
        """Encrypt `content` for the row named by `place` ("table.column:id")."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, content, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt; `WrongKeyError` if it was sealed under another key or for another row."""
        if sealed[:1] != VERSION:
            raise WrongKeyError("unknown version of sealed value")
        nonce, content = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, content, place.encode())
        except (InvalidTag, ValueError):  # ValueError: shorter than any sealed value
            raise WrongKeyError("sealed under another key or for another row") from None


class Keyring:
    """The master key and what hangs on it: the chat hash, the programme's own box, and each person's box."""

    def __init__(self, master: bytes) -> None:
        """`master`: 32 random bytes, kept in the key file."""
        self._master = Box(_derive(master, b"wrap"))
        self._hash_key = _derive(master, b"chat")
        self.programme = Box(_derive(master, b"programme"))
        """For what belongs to nobody we know: dead letters, unknown chats."""
        self._boxes: OrderedDict[int, Box] = OrderedDict()

    def hash_chat(self, chat: int) -> str:
        """Keyed hash of a Telegram chat id (64 hex digits), for finding a person without keeping the id bare."""
        return digest(self._hash_key, str(chat).encode(), "sha256").hex()

    def hash_code(self, code: str) -> str:
        """Keyed hash of an invitation's code; the code itself is not kept."""
        return digest(self._hash_key, b"code:" + code.encode(), "sha256").hex()

    def new(self, person: int) -> bytes:
        """Make a key for a person and return it wrapped, for the table of keys."""
        key = AESGCM.generate_key(bit_length=256)
        self._keep(person, Box(key))
        return self._master.seal(key, f"identities.key:{person}")

    def box(self, person: int, wrapped: bytes) -> Box:
        """The box of a person, from their wrapped key."""
        known = self._boxes.get(person)
        if known is not None:
            return known
        return self._keep(person, Box(self._master.open(wrapped, f"identities.key:{person}")))

    def prove(self) -> str:
        """A value by which `check` knows later whether it was made under this master key."""
        return self.programme.seal(b"first say", "texts.key").hex()

    def check(self, proof: str) -> None:
        """Raise `WrongKeyError` unless `proof` was made under this master key."""
        self.programme.open(bytes.fromhex(proof), "texts.key")

    def forget(self, person: int) -> None:
        """Drop a person's key from memory."""
        self._boxes.pop(person, None)

    def _keep(self, person: int, box: Box) -> Box:
        self._boxes[person] = box
        if len(self._boxes) > MOST_KEPT:
            self._boxes.popitem(last=False)
        return box


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"firstsay:" + purpose).derive(master)
