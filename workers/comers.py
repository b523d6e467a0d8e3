"""The sweep of appointments: who is reminded the day before, and whose place was missed."""

from cases.appointments import Appointment, AppointmentEvent, is_missed, reminder_due, told
from storage.session import Database, Transaction
from workers.context import SYSTEM


def appointments(database: Database) -> int:
    """How many were told something; doing it again tells nobody twice."""
    with database.reading() as tx:
        near = tx.appointments.to_sweep(tx.now())
    return sum(_one(database, made.id) for made in near)


def _one(database: Database, identity: str) -> bool:
    """Looked at again inside its own transaction: the person may just have cancelled."""
    with database.transaction() as tx:
        made, now = tx.appointments.appointment(identity), tx.now()
        if is_missed(made, now):
            tx.appointments.move(made, AppointmentEvent.MISS, actor=SYSTEM)
            return _tell(tx, "appointment_missed", made)
        if reminder_due(made, now) and tx.appointments.reminded(made):
            return _tell(tx, "appointment_reminder", made)
    return False


def _tell(tx: Transaction, template: str, made: Appointment) -> bool:
    office = tx.appointments.office(made.office)
    tx.tell(made.person, template, told(made, tx.item(made.item_code).name, office))
    return True
