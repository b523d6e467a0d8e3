"""Complete applications: births, cards, residence, assistance."""

from tests.preaudit.applications import AGENT_TYPED, Application, authorised, both_sides, of_person, typed
from tests.preaudit.builders import filled_form, receipt
from tests.preaudit.papers import (
    CHILD,
    MAN,
    OLD,
    STRANGER,
    WOMAN,
    bank_card,
    birth,
    card,
    marriage,
    paper,
    portrait,
    recent_back,
    register,
)

IN_CHENGDU = "四川省成都市武侯区武侯祠大街1号"
LEASE = paper("房屋租赁合同", f"出租方{STRANGER.name}", f"承租方{MAN.name}", kind="contract")

BIRTH_TO_COME = Application(
    "440105-SYDJ",
    {"married": True, "remarried": True},
    typed(MAN),
    {
        **both_sides("id", MAN),
        **both_sides("spouse_id", WOMAN),
        "household_register": register(MAN, WOMAN),
        "marriage_certificate": (marriage(MAN, WOMAN),),
        "divorce_paper": (paper("民事调解书", f"原告{MAN.name}"),),
        "application_form": (of_person("440105-SYDJ", MAN, spouse_name=WOMAN.name, spouse_id_number=WOMAN.number),),
    },
)
UNMARRIED = Application(
    "440105-SYDJ",
    {"married": False},
    typed(WOMAN),
    {
        **both_sides("id", WOMAN),
        "household_register": register(WOMAN),
        "application_form": (of_person("440105-SYDJ", WOMAN),),
    },
)

BORN = Application(
    "440105-CSDJ",
    {"married": True, "late": True, "over_a_year": True},
    typed(MAN),
    {
        "birth_certificate": (birth(CHILD.name, "2025-08-08", WOMAN, MAN),),
        **both_sides("mother_id", WOMAN),
        **both_sides("father_id", MAN),
        "household_register": register(MAN, WOMAN),
        "marriage_certificate": (marriage(MAN, WOMAN),),
        "late_statement": (paper("逾期申报情况说明", "原因：在外地工作"),),
        "parentage_report": (paper("亲子鉴定意见书", f"{WOMAN.name}与{CHILD.name}符合亲生关系"),),
        "application_form": (of_person("440105-CSDJ", MAN, child_name=CHILD.name, born_on="2025-08-08"),),
    },
)
BORN_UNMARRIED = Application(
    "440105-CSDJ",
    {"married": False, "late": False},
    typed(WOMAN),
    {
        "birth_certificate": (birth(CHILD.name, "2026-11-05", WOMAN, MAN),),
        **both_sides("mother_id", WOMAN),
        "household_register": register(WOMAN),
        "unmarried_statement": (paper("非婚生育说明", f"孩子{CHILD.name}随母亲落户"),),
        "application_form": (of_person("440105-CSDJ", WOMAN, child_name=CHILD.name, born_on="2026-11-05"),),
    },
)

POOR = Application(
    "440105-ZDSHBZ",
    {"by_agent": True, "has_income": True, "disabled": True, "seriously_ill": True, "divorced": True},
    typed(MAN, **AGENT_TYPED),
    {
        "application_form": (of_person("440105-ZDSHBZ", MAN, family_size="3"),),
        **both_sides("members_id", MAN, WOMAN),
        "household_register": register(MAN, WOMAN, CHILD),
        "check_authorisation": (paper("家庭经济状况核对授权书", MAN.name, WOMAN.name, CHILD.name),),
        "declaration": (paper("家庭收入和财产状况声明及承诺书", f"声明人{MAN.name}"),),
        "bank_card": (bank_card(),),
        "income_proof": (paper("收入证明", f"月工资800元，{MAN.name}"),),
        "disability_certificate": (paper("中华人民共和国残疾人证", "残疾类别"),),
        "diagnosis": (paper("疾病诊断书", "某某医院"),),
        "divorce_paper": (paper("离婚判决书", "某某法院"),),
        "authorisation": (authorised(MAN),),
    },
)

LOST_ID = Application(
    "440105-JMSFZ-BL",
    {"reason": "遗失"},
    typed(MAN),
    {"household_register": register(MAN), "loss_statement": (paper("遗失说明", f"{MAN.name}的身份证遗失"),)},
)
DAMAGED_ID = Application(
    "440105-JMSFZ-BL",
    {"reason": "损坏"},
    typed(MAN),
    {"household_register": register(MAN), "old_card": (card(MAN), recent_back(MAN))},
)

CARD = Application(
    "440105-SHBZK-BL",
    {"under_16": False},
    typed(MAN),
    {**both_sides("id", MAN), "application_form": (filled_form(),), "photo_receipt": (receipt(),)},
)
CHILD_CARD = Application(
    "440105-SHBZK-BL",
    {"under_16": True},
    typed(CHILD),
    {
        "household_register": register(CHILD),
        "application_form": (of_person("440105-SHBZK-BL", CHILD, reason="遗失"),),
        "photo_receipt": (paper("证件照片数字回执", "图像号", CHILD.name),),
    },
)
CARD_CHENGDU = Application(
    "510107-SHBZK-BL",
    {"under_16": False, "reason": "损坏"},
    typed(MAN),
    {
        "id_front": CARD.pages["id_front"],
        "application_form": (of_person("510107-SHBZK-BL", MAN),),
        "old_card": (paper("中华人民共和国社会保障卡", "社会保障号码"),),
    },
)
CHILD_CARD_CHENGDU = Application(
    "510107-SHBZK-BL",
    {"under_16": True, "reason": "遗失"},
    typed(CHILD),
    {"household_register": register(CHILD), "application_form": (of_person("510107-SHBZK-BL", CHILD),)},
)

ELDERLY = Application("440105-LNYDZ", {}, typed(OLD), {**both_sides("id", OLD), "portrait": (portrait(),)})
ELDERLY_CHENGDU = Application(
    "510107-LNYDZ",
    {"not_local": True},
    typed(OLD),
    {**both_sides("id", OLD), "portrait": (portrait(),), "residence_permit": (paper("居住证", OLD.name, "居住地址"),)},
)

RESIDENT = Application(
    "440105-JZZ-SL",
    {"ground": "合法稳定住所"},
    typed(MAN),
    {**both_sides("id", MAN), "application_form": (of_person("440105-JZZ-SL", MAN),), "home_proof": (LEASE,)},
)
WORKER = RESIDENT.answering(ground="合法稳定就业").having(
    home_proof=(), work_proof=paper("劳动合同", "用人单位", MAN.name, kind="contract")
)
STUDENT = RESIDENT.answering(ground="连续就读").having(home_proof=(), study_proof=paper("学生证", "在读", MAN.name))
RESIDENT_CHENGDU = Application(
    "510107-JZZ-SL",
    {"ground": "合法稳定住所"},
    typed(MAN),
    {
        **both_sides("id", MAN),
        "promise": (of_person("510107-JZZ-SL", MAN, "promise", address=IN_CHENGDU, living_since="2025-10-01"),),
        "home_proof": (LEASE,),
    },
)
WORKER_CHENGDU = RESIDENT_CHENGDU.answering(ground="合法稳定就业").having(
    home_proof=(), work_contract=paper("劳动合同", MAN.name, kind="contract")
)
STUDENT_CHENGDU = RESIDENT_CHENGDU.answering(ground="连续就读").having(
    home_proof=(), student_card=paper("学生证", MAN.name)
)

ALL = (
    BIRTH_TO_COME, UNMARRIED, BORN, BORN_UNMARRIED, POOR, LOST_ID, DAMAGED_ID, CARD, CHILD_CARD,
    CARD_CHENGDU, CHILD_CARD_CHENGDU, ELDERLY,
    ELDERLY_CHENGDU, RESIDENT, WORKER, STUDENT, RESIDENT_CHENGDU, WORKER_CHENGDU, STUDENT_CHENGDU,
)  # fmt: skip
