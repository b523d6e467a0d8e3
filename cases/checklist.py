"""Which materials a case needs, given the answers, and which answers and papers belong to it."""

from cases.items import Answers, Item, MaterialSpec, Need, OriginalUse, Question, applies
from cases.lifecycle import MaterialState
from cases.model import CaseFile, Material


def wanted(item: Item, answers: Answers) -> tuple[MaterialSpec, ...]:
    """The checklist lines that the answers choose, in the item's order."""
    return tuple(m for m in item.materials if applies(m.when, answers))


def new_materials(item: Item, answers: Answers) -> tuple[Material, ...]:
    return tuple(Material(m.key, m.name, MaterialState.MISSING, m.need) for m in wanted(item, answers))


def unknown_answers(item: Item, answers: Answers) -> tuple[str, ...]:
    """Answer keys that no question asks for."""
    known = {q.key for q in item.questions}
    return tuple(sorted(set(answers) - known))


def not_chosen(item: Item, answers: Answers) -> tuple[Question, ...]:
    """Choices that nobody made: each decides what is needed or what is looked at. A yes-or-no not answered is no,
    to who judges files; a case is not opened without it (`unanswered`)."""
    return tuple(q for q in item.questions if q.type == "choice" and answers.get(q.key) not in q.choices)


def unanswered(item: Item, answers: Answers) -> tuple[Question, ...]:
    """What a case is not opened without: choices nobody made, and yes-or-no questions that were not answered with yes or
    no. What is not said is not "no": it would choose papers that the resident does not need, or leave out those they do."""
    silent = (q for q in item.questions if q.type == "bool" and not isinstance(answers.get(q.key), bool))
    open_ones = {q.key for q in (*not_chosen(item, answers), *silent)}
    return tuple(q for q in item.questions if q.key in open_ones)


def with_originals(file: CaseFile) -> tuple[MaterialSpec, ...]:
    """The lines whose paper the office must hold in its hands, of those that the case really has."""
    specs = wanted(file.item, file.case.answers)
    return tuple(s for s in specs if s.original is not OriginalUse.NONE and _on_paper(file, s))


def _on_paper(file: CaseFile, spec: MaterialSpec) -> bool:
    material = file.material(spec.key)
    if material is None or material.state is MaterialState.DEFERRED:
        return False
    if material.state is MaterialState.WAIVED:
        waiver = file.waiver(spec.key)
        return waiver is not None and waiver.still_show
    pages = file.pages_of(spec.key)
    if pages and all(page.signed_at for page in pages):
        return False  # filled in and signed on the phone
    return spec.need is Need.REQUIRED or bool(pages)
