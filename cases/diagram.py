"""The tables as pictures: `docs/lifecycle.md` is this page's output, and a test holds it to the tables.

`python -m cases.diagram` prints it.
"""

from typing import Any

from cases.care import COMPLAINT, FOLLOW_UP, RECTIFICATION
from cases.clocks import CLOCK_REQUEST
from cases.lifecycle import ASSIGNMENT, BOOKING, CASE, INCIDENT, MATERIAL, PAGE, TRANSFER, Machine
from cases.rulings import PROPOSAL
from cases.waived import INQUIRY

_HEADINGS = {
    "case": "The case 办件",
    "material": "The material 申请材料",
    "page": "The page 页",
    "booking": "The booking 揽收预约",
    "assignment": "The assignment 部门任务",
    "incident": "The incident 异常",
    "transfer": "The transfer 移交",
    "inquiry": "The inquiry 数据核验",
    "clock_request": "The request for days 特别程序、延期申请",
    "rectification": "The rectification 整改",
    "complaint": "The complaint 投诉",
    "follow_up": "The follow-up 回访",
    "proposal": "The proposal 待复核的决定",
}

MACHINES: tuple[Machine[Any, Any], ...] = (
    CASE, MATERIAL, PAGE, BOOKING, ASSIGNMENT, INCIDENT, TRANSFER, INQUIRY, RECTIFICATION, COMPLAINT, FOLLOW_UP,
    PROPOSAL, CLOCK_REQUEST,
)  # fmt: skip


def mermaid(machine: Machine[Any, Any]) -> str:
    """One machine as a Mermaid state diagram; final states lead to the end mark."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.initial}"]
    lines += [f"    {state}: {state} {machine.labels[state]}" for state in machine.states]
    for state, events in machine.table.items():
        lines += [f"    {state} --> {to}: {event}" for event, to in events.items()]
        lines += [] if events else [f"    {state} --> [*]"]
    return "\n".join(lines)


def page() -> str:
    parts = ["# How things live", "", "Made from the tables in `cases` by `python -m cases.diagram`; do not edit.", ""]
    for machine in MACHINES:
        parts += [f"## {_HEADINGS[machine.name]}", "", "```mermaid", mermaid(machine), "```", ""]
    return "\n".join(parts)


if __name__ == "__main__":
    print(page(), end="")
