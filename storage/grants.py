"""PostgreSQL's own guard: roles for the processes that may do their work and nothing else.

`zerotrip_web`, `zerotrip_workers` and `zerotrip_reader` are roles that nobody signs in as; the accounts of the processes
are members of one. Only the owner, who migrates, may do more. Promises: whoever is in one of these roles cannot change or
take out a line of the record, an anchor, a proof of deletion or a step of the custody chain, whatever SQL they manage to
run; cannot change the schema; and cannot become an owner. Triggers refuse the same a second time, the owner included.
What neither stops is an owner who first takes the triggers away: anchors outside tell of that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Table, text

from storage.tables import metadata


class Process(StrEnum):
    WEB = "web"
    WORKERS = "workers"
    READER = "reader"
    """Looks at everything and changes nothing: backups, `audit verify`, an auditor's own queries."""


APPEND_ONLY = frozenset({"audit", "audit_anchors", "deletions"})
HISTORY: Mapping[str, tuple[str, ...]] = {"hand_overs": ("place", "found")}
"""Steps that are never changed nor taken out; these columns are overwritten when their time is over."""
_NOT: Mapping[Process, Mapping[str, frozenset[str]]] = {
    Process.WEB: {
        "audit_anchors": frozenset({"INSERT"}),
        "record_checks": frozenset({"INSERT", "UPDATE", "DELETE"}),
    },
    Process.WORKERS: {
        "staff": frozenset({"INSERT", "UPDATE", "DELETE"}),
        "api_keys": frozenset({"INSERT", "UPDATE", "DELETE"}),
        "oidc_logins": frozenset({"INSERT", "UPDATE"}),
    },
    Process.READER: {},
}
"""What a process never does."""
_ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Names:
    """Of the roles."""

    prefix: str = "zerotrip"

    def of(self, process: Process) -> str:
        return f"{self.prefix}_{process}"


def may(process: Process, table: Table) -> tuple[str, ...]:
    """What is granted on a table, apart from columns."""
    if process is Process.READER:
        return ("SELECT",)
    never = _NOT[process].get(table.name, frozenset())
    if table.name in APPEND_ONLY or table.name in HISTORY:
        never |= {"UPDATE", "DELETE"}
    return tuple(right for right in _ALL if right not in never)


def statements(names: Names = Names(), schema: str = "public") -> Iterator[str]:
    """To be run by the owner, after every migration; running them again changes nothing."""
    for process in Process:
        yield from _role(names.of(process), schema)
        for table in metadata.sorted_tables:
            yield f"GRANT {', '.join(may(process, table))} ON {schema}.{table.name} TO {names.of(process)}"
            if process is not Process.READER and (columns := HISTORY.get(table.name)):
                yield f"GRANT UPDATE ({', '.join(columns)}) ON {schema}.{table.name} TO {names.of(process)}"
        yield f"GRANT SELECT ON {schema}.alembic_version TO {names.of(process)}"
        if process is not Process.READER:
            yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {names.of(process)}"


def _role(role: str, schema: str) -> Iterator[str]:
    yield (
        f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE; "
        f"EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role}"


def grant(connection: Connection, names: Names = Names()) -> int:
    """Runs them; how many roles there are now."""
    for statement in statements(names):
        connection.exec_driver_sql(statement)
    return len(Process)


def could_edit(connection: Connection) -> list[str]:
    """Tables of the record that this account could change or cut, by itself or as their owner, whom it may become. Empty:
    as it should be, for every process."""
    if connection.dialect.name != "postgresql":
        return []
    return [name for name in sorted(APPEND_ONLY | set(HISTORY)) if _could(connection, name)]


_COULD = text(
    "SELECT has_table_privilege(current_user, oid, 'UPDATE, DELETE, TRUNCATE') "
    "OR pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = to_regclass(:table)"
)


def _could(connection: Connection, table: str) -> bool:
    return bool(connection.execute(_COULD, {"table": table}).scalar_one_or_none())
