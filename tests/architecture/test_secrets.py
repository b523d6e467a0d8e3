"""Secrets are compared in constant time: `==` on one tells, by how long it takes, how much of a guess was right."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("cases", "courier", "egress", "messaging", "sharing", "storage", "web", "workers")
SECRET = re.compile(
    r"(^|_)(secret|token|signature|signed|mac|hmac|digest|password|csrf|totp|sign)(_|s?$)", re.IGNORECASE
)
HARMLESS = {
    "excuse.shown != draft.digest": "of the words on a page, so that what was looked at is what is sent",
    "reply.gateway == units.TOKEN_STALE": "a word of the partner's vocabulary",
    "code in codes.TOKEN_WORN": "a word of the platform's vocabulary",
    "self._token.value == used.value": "two of ours: whether another thread has fetched a new one",
    "stand.get((chain, position)) != digest": "of the record, which anybody may read who can compare it",
    "_digest(dict(row._mapping)) != row.digest": "likewise",
    "said.pop(row.id, None) != row.digest": "likewise",
}
HASHED = re.compile(r"(\.c\.|_hash|sha256|digest_size)")
"""A keyed hash looked up in a table: the database compares hashes, and knowing one helps nobody."""


COMPARED: Mapping[str, str] = {
    "courier/kdniao/pushes.py: same": "DataSign of a push",
    "courier/kuaidi100/pushes.py: same": "sign of a push",
    "courier/registry.py: same": "the secret in a hook's address",
    "courier/signing.py: compare_digest": "what `same` is made of; the key at the end of what EMS sealed",
    "courier/signing.py: same": "webhook-signature",
    "messaging/wechat/crypto.py: compare_digest": "the platform's signature; for whom a push was sealed",
    "sharing/client.py: same": "signature of a registry's answer",
    "sharing/signing.py: compare_digest": "what its `same` is made of",
    "storage/one_time_codes.py: compare_digest": "keyed hash of a one-time code",
    "storage/passwords.py: verify": "argon2, which compares so itself",
    "storage/staff.py: strings_equal": "TOTP of a member of staff",
    "storage/vault.py: compare_digest": "two key rings, whether they find the same",
    "web/auth.py: compare_digest": "the CSRF word",
    "web/desk/provider.py: compare_digest": "the state of a sign-in that comes back",
    "web/resident/entrusting.py: same": "the end of an identity number",
    "web/scanning.py: same": "what somebody at the door proves themselves with",
}
"""Every comparison of a secret, by module, and what is compared. Tokens, keys of systems and enrolment codes are never
compared: their keyed hash is looked up."""
CONSTANT = {"same", "compare_digest", "strings_equal"}


def _names(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _compared(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In):
            continue
        sides = (node.left, *node.comparators)
        if any(isinstance(side, ast.Constant | ast.Tuple | ast.Set) for side in sides):
            continue  # with a word of the program, which is no secret
        text = ast.unparse(node)
        if any(SECRET.search(name) for side in sides for name in _names(side)) and not HASHED.search(text):
            yield node.lineno, text


def test_no_secret_is_compared_by_its_letters() -> None:
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/sandbox/" in name or "node_modules" in name:
                continue  # plays somebody else
            found += [(name, line, text) for line, text in _compared(path) if text not in HARMLESS]
    assert found == []


def test_every_comparison_of_a_secret_is_known() -> None:
    found = set()
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/sandbox/" not in name and "node_modules" not in name:
                found |= {f"{name}: {how}" for how in _in_constant_time(path)}
    assert found == COMPARED.keys()


def _in_constant_time(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            hasher = called == "verify" and "_hasher" in ast.unparse(node.func)
            if called in CONSTANT or hasher:
                yield called
