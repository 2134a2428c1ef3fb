"""The keys at rest: one pair per version, for finding and for sealing.

Numbers are found by a keyed hash and kept sealed, so a copy of the database without the
keyring neither lists numbers nor lets them be guessed. Rotation adds a version; old ones stay,
verify-only, because the number behind an old suppression cannot be hashed again.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from askfirst.domain.values.errors import InvalidInput, UnsafeStorage
from askfirst.storage.platform.errors import KeyMissing

LOOKUP_BYTES = 16
_KEY_BYTES = 32
_NONCE_RUN = 1 << 32
_REMEMBERED = 16_384
"""Names whose hashes are at hand: what is looked at is written, or sent to, right afterwards."""


@dataclass(frozen=True, slots=True)
class KeyVersion:
    """The two keys of one version."""

    lookup: bytes
    seal: bytes


class Keyring:
    """All versions; the highest one writes."""

    def __init__(self, versions: Mapping[int, KeyVersion], entropy: Callable[[int], bytes]) -> None:
        self._versions = dict(sorted(versions.items(), reverse=True))
        self._current = next(iter(self._versions))
        self._ciphers = {number: AESGCM(key.seal) for number, key in self._versions.items()}
        self._hashers = [
            hashlib.blake2b(key=key.lookup, digest_size=LOOKUP_BYTES)
            for key in self._versions.values()
        ]
        self._entropy = entropy
        self._nonces = self._nonce_run()
        self._found = lru_cache(maxsize=_REMEMBERED)(self.fresh_lookups)

    @classmethod
    def generate(cls, entropy: Callable[[int], bytes]) -> Keyring:
        """Make a keyring of one version."""
        return cls({1: KeyVersion(entropy(_KEY_BYTES), entropy(_KEY_BYTES))}, entropy)

    @classmethod
    def load(cls, text: str, entropy: Callable[[int], bytes]) -> Keyring:
        """Read what `dump` wrote; InvalidInput names what is wrong, never what a key is."""
        try:
            table = json.loads(text)["versions"]
            versions = {
                int(number): KeyVersion(bytes.fromhex(keys["lookup"]), bytes.fromhex(keys["seal"]))
                for number, keys in table.items()
            }
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInput("keyring", "is not a keyring file") from error
        keys = [key for version in versions.values() for key in (version.lookup, version.seal)]
        if not keys or any(len(key) != _KEY_BYTES for key in keys):
            raise InvalidInput("keyring", f"must hold versions with keys of {_KEY_BYTES} bytes")
        return cls(versions, entropy)

    def dump(self) -> str:
        """Write the keyring as JSON; whoever has it can read every number."""
        versions = {
            str(number): {"lookup": key.lookup.hex(), "seal": key.seal.hex()}
            for number, key in self._versions.items()
        }
        return json.dumps({"versions": versions}, indent=1) + "\n"

    def rotated(self) -> Keyring:
        """Add a version that writes from now on; the old ones still find and open."""
        fresh = KeyVersion(self._entropy(_KEY_BYTES), self._entropy(_KEY_BYTES))
        return Keyring({**self._versions, self._current + 1: fresh}, self._entropy)

    @property
    def fingerprints(self) -> dict[int, str]:
        """Name each version without revealing it, to notice a missing one at start-up."""
        return {
            number: hashlib.blake2b(b"fingerprint", key=key.lookup, digest_size=8).hexdigest()
            for number, key in self._versions.items()
        }

    def unknown_to(self, database: Mapping[int, str]) -> dict[int, str]:
        """Name the versions that a database has not seen; it knows others by their fingerprints.

        Raises:
            KeyMissing: a version wrote there that is not here: its suppressions could not be found.
        """
        have = self.fingerprints
        for version, fingerprint in database.items():
            if have.get(version) != fingerprint:
                raise KeyMissing(f"the keyring lacks the key version {version} that wrote here")
        return {version: name for version, name in have.items() if version not in database}

    @property
    def current(self) -> int:
        """The version that writes."""
        return self._current

    def lookup(self, text: str) -> bytes:
        """Hash a name for writing."""
        return _hash(self._hashers[0], text.encode())

    def oldest_lookup(self, text: str) -> bytes:
        """Hash a name with the first version, for names that must outlive every rotation."""
        return self.lookups(text)[-1]

    def lookups(self, text: str) -> list[bytes]:
        """Hash a name under every version, the newest first, for finding."""
        return list(self._found(text))

    def fresh_lookups(self, text: str) -> tuple[bytes, ...]:
        """Hash as `lookups` does, what nobody will look for again so soon: it is not remembered."""
        data = text.encode()
        if len(self._hashers) == 1:  # most keyrings, and this is asked of each row and message
            return (_hash(self._hashers[0], data),)
        return tuple([_hash(one, data) for one in self._hashers])

    def token_keys(self) -> dict[int, bytes]:
        """Return each version's key for tokens, 32 bytes; apart from look-ups by its person."""
        return {
            version: hashlib.blake2b(
                b"tokens", key=key.lookup, digest_size=_KEY_BYTES, person=b"askfirst-jws"
            ).digest()
            for version, key in self._versions.items()
        }

    def seal(self, content: bytes, context: bytes) -> bytes:
        """Encrypt with AES-256-GCM, bound to `context`."""
        nonce = next(self._nonces)
        sealed = self._ciphers[self._current].encrypt(nonce, content, context)
        return self._current.to_bytes(2, "big") + nonce + sealed

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Decrypt; UnsafeStorage where the bytes or the context were changed."""
        cipher = self._ciphers.get(int.from_bytes(sealed[:2], "big"))
        if cipher is None:
            raise UnsafeStorage("a key version is missing from the keyring")
        try:
            return cipher.decrypt(sealed[2:14], sealed[14:], context)
        except InvalidTag as error:
            raise UnsafeStorage("sealed data was changed, or belongs elsewhere") from error

    def _nonce_run(self) -> Iterator[bytes]:
        """A random prefix and a counter: no repeat at any volume, unlike random nonces."""
        return itertools.chain.from_iterable(self._nonce_block() for _ in itertools.count())

    def _nonce_block(self) -> Iterator[bytes]:
        prefix = self._entropy(8)
        return (prefix + count.to_bytes(4, "big") for count in range(_NONCE_RUN))


def _hash(keyed: hashlib.blake2b, data: bytes) -> bytes:
    """Go on from a hash that took in its key once: half of the cost of a short text is the key."""
    own = keyed.copy()
    own.update(data)
    return own.digest()
