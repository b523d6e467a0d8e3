"""Passwords of the back office: argon2id, at the memory that the settings name.

Promises: a name that nobody has takes as long to refuse as a wrong password. Refuses nothing by itself: how long a
password must be is `staff`'s to say.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_MIB_KIB = 1024


class Passwords:
    """One per process and settings; threads may share it."""

    def __init__(self, memory_mib: int) -> None:
        self._hasher = hasher = PasswordHasher(memory_cost=memory_mib * _MIB_KIB)
        self._light = PasswordHasher(time_cost=1, memory_cost=_MIB_KIB, parallelism=1)
        cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
        # of the form and the cost of a real one, the hash of no password: salt and hash are all zero
        self._nobodys = f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}"

    def hashed(self, password: str) -> str:
        """About 0.1 s of a processor at 64 MiB."""
        return self._hasher.hash(password)

    def hashed_lightly(self, random: str) -> str:
        """Of what a machine made of 96 random bits or more: nobody tries so many, however fast each try is."""
        return self._light.hash(random)

    def right(self, hashed: str, password: str) -> bool:
        """As long for every hash, so that nobody learns from the clock which one it is."""
        if not self._costs_as_usual(hashed):
            self.refuse_nobody(password)
        return self._verified(hashed, password)

    def _costs_as_usual(self, hashed: str) -> bool:
        try:
            return not self._hasher.check_needs_rehash(hashed)
        except InvalidHashError:
            return False

    def refuse_nobody(self, password: str) -> None:
        """Where the name is unknown: as much work as for a known one."""
        self._verified(self._nobodys, password)

    def _verified(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
