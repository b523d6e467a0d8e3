"""Landlock: the kernel lets a process see no file but those it names, and call nobody. Needs no privilege and no
namespace, so it holds in containers whose other walls may not be built (Linux 5.13 and newer, where it is switched on)."""

import ctypes
import os
from collections.abc import Iterable

CREATE, ADD_RULE, RESTRICT = 444, 445, 446  # the same numbers on every architecture
VERSION = 1
PATH_BENEATH = 1
READ = (1 << 2) | (1 << 3)  # files, and what folders hold
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""From which version of the interface how many rights there are, each a bit."""
NETWORK_SINCE, SCOPES_SINCE = 4, 6
TCP = 0b11
SIGNALS_AND_ABSTRACT_SOCKETS = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def see_only(folders: Iterable[str]) -> bool:
    """This process and its children may read beneath `folders`, and open nothing else. Needs `no_new_privs`."""
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(CREATE, None, ctypes.c_size_t(0), VERSION)
    if version < 1:
        return False
    rules, size = _rules(version)
    ruleset = libc.syscall(CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    try:
        for folder in folders:
            _allow(libc, ruleset, folder)
        return bool(libc.syscall(RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _rules(version: int) -> tuple[_Ruleset, int]:
    rights = max(count for since, count in FILE_RIGHTS.items() if since <= version)
    rules = _Ruleset((1 << rights) - 1, 0, 0)
    if version < NETWORK_SINCE:
        return rules, 8
    rules.network = TCP
    if version < SCOPES_SINCE:
        return rules, 16
    rules.scoped = SIGNALS_AND_ABSTRACT_SOCKETS
    return rules, 24


def _allow(libc: ctypes.CDLL, ruleset: int, folder: str) -> None:
    try:
        parent = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there is not seen either
    try:
        libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(_Beneath(READ, parent)), 0)
    finally:
        os.close(parent)
