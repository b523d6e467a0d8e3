"""Complete applications: a home sold with its water, power and gas; a shop; lorries."""

from tests.preaudit.applications import AGENT_TYPED, Application, authorised, both_sides, form_of, of_person, typed
from tests.preaudit.papers import (
    AGENT,
    COMPANY,
    CREDIT_CODE,
    HOME,
    MAN,
    PLATE,
    SELLER,
    STRANGER,
    VIN,
    WOMAN,
    card,
    deed,
    driver,
    licence_of_business,
    marriage,
    paper,
    portrait,
    vehicle,
)

DEED = deed(SELLER, WOMAN)
ACCOUNTS = {"water_account": "1000200030", "power_account": "0319000012345678", "gas_account": "88001234"}
HOLDERS = {"new_holder": MAN.name, "old_holder": SELLER.name, "location": HOME}
LINKED = form_of("440105-CLFZY", "linked_form", **HOLDERS, **ACCOUNTS)

SALE = Application(
    "440105-CLFZY",
    {"seller_married": True, "mortgaged": True, "by_agent": True, "linked": True, "gas": True},
    typed(MAN, **AGENT_TYPED),
    {
        "application_form": (
            form_of(
                "440105-CLFZY",
                buyer_name=MAN.name,
                buyer_id_number=MAN.number,
                seller_name=SELLER.name,
                seller_id_number=SELLER.number,
                location=HOME,
                certificate_number=DEED.fields["certificate_number"].value,
            ),
        ),
        **both_sides("buyer_id", MAN),
        **both_sides("seller_id", SELLER, WOMAN),
        "property_certificate": (DEED,),
        "sale_contract": (
            paper(
                "存量房买卖合同",
                *(f"{who}{p.name}{p.number}" for who, p in (("出卖人", SELLER), ("共有人", WOMAN), ("买受人", MAN))),
                kind="contract",
            ),
        ),
        "tax_receipt": (paper("契税完税凭证", "税务局", MAN.name),),
        "inquiry_record": (paper("登记询问笔录", "是否共有"),),
        "marriage_certificate": (marriage(SELLER, WOMAN),),
        "mortgagee_consent": (paper("抵押权人同意转让", "某某银行"),),
        "authorisation": (authorised(MAN, SELLER),),
        **both_sides("agent_id", AGENT),
        "linked_form": (LINKED,),
    },
)


def utility(code: str, account: str) -> Application:
    """One of the children, applied for alone."""
    made = form_of(code, "linked_form", **HOLDERS, **{account: ACCOUNTS[account]})
    pages = {"buyer_id_front": (card(MAN),), "linked_form": (made,), "new_certificate": (deed(MAN, WOMAN),)}
    return Application(code, {"alone": True}, typed(MAN), pages)


WATER = utility("440105-YSGH", "water_account")
POWER = utility("440105-YDGH", "power_account")
GAS = utility("440105-RQGH", "gas_account")


def shop_form(code: str, place: str = HOME) -> Application:
    made = of_person(code, MAN, trade_name="广州市海珠区样本面馆", premises=place, scope="餐饮服务")
    return Application(code, {}, typed(MAN), {"application_form": (made,), "id_front": (card(MAN),)})


OWN_SHOP = (
    shop_form("440105-GTHDJ")
    .answering(premises="自有房屋", licensed_scope=True)
    .having(
        id_back=both_sides("id", MAN)["id_back"],
        own_certificate=deed(MAN, WOMAN),
        permit=paper("食品经营许可批准文件"),
    )
)
RENTED_SHOP = (
    shop_form("440105-GTHDJ")
    .answering(premises="租赁房屋", by_agent=True)
    .typing(**AGENT_TYPED)
    .having(
        id_back=both_sides("id", MAN)["id_back"],
        lease=paper("房屋租赁合同", f"出租方{STRANGER.name}", f"承租方{MAN.name}", kind="contract"),
        lessor_certificate=deed(STRANGER),
        authorisation=authorised(MAN),
        agent_id_front=card(AGENT),
    )
)
ONLINE_SHOP = (
    shop_form("440105-GTHDJ")
    .answering(premises="网络经营")
    .having(
        id_back=both_sides("id", MAN)["id_back"],
        platform_proof=paper("网络经营场所使用证明", "样本平台", f"经营者{MAN.name}"),
    )
)
SHOP_CHENGDU = shop_form("510107-GTHDJ", "四川省成都市武侯区武侯祠大街1号")

COMPANY_TYPED = typed(MAN) | {"applicant_name": COMPANY, "id_number": CREDIT_CODE}
FREIGHT = Application(
    "440105-DLHY",
    {"vehicles": "已有车辆", "vehicle_kind": "重型牵引挂车", "by_agent": True},
    COMPANY_TYPED | AGENT_TYPED,
    {
        "application_form": (
            form_of(
                "440105-DLHY",
                applicant_name=COMPANY,
                credit_code=CREDIT_CODE,
                manager_name=MAN.name,
                manager_id_number=MAN.number,
            ),
        ),
        "business_licence": (licence_of_business(),),
        **both_sides("manager_id", MAN),
        "vehicle_licence": (vehicle(),),
        "technical_report": (paper("技术等级评定", PLATE, VIN),),
        "driving_licence": (driver(),),
        "qualification": (paper("从业资格证", "道路货物运输驾驶员", SELLER.name),),
        "safety_system": (paper("安全生产责任制", "操作规程"),),
        "authorisation": (authorised(MAN),),
        "agent_id_front": (card(AGENT),),
    },
)
FREIGHT_TO_BUY = FREIGHT.answering(vehicles="拟投入车辆").having(
    vehicle_licence=(),
    technical_report=(),
    purchase_promise=paper("承诺书", "车辆数量3辆", "类型：重型牵引车", "投入时间"),
)

FLEET = FREIGHT.having(
    vehicle_licence=(vehicle(), vehicle(plate="粤A54321", vin="LVSHCAMB1CE054249")),
    technical_report=(paper("技术等级评定", PLATE, VIN), paper("技术等级评定", "粤A54321", "LVSHCAMB1CE054249")),
    driving_licence=(driver(), driver(WOMAN)),
    qualification=(paper("从业资格证", SELLER.name), paper("从业资格证", WOMAN.name)),
)
"""Two vehicles and two drivers: what is right on the first page says nothing of the second."""

LORRY = Application(
    "440105-DLYSZ",
    {"over_12t": True},
    COMPANY_TYPED,
    {
        "application_form": (
            form_of("440105-DLYSZ", applicant_name=COMPANY, licence_number="440105012345", plate=PLATE, vin=VIN),
        ),
        "operating_licence": (paper("道路运输经营许可证", COMPANY, "440105012345"),),
        "vehicle_licence": (vehicle(),),
        "vehicle_register": (paper("机动车登记证书", VIN),),
        "technical_report": (paper("检测报告", PLATE, VIN),),
        "vehicle_photo": (portrait(),),
        "positioning": (paper("卫星定位装置安装凭证", PLATE),),
    },
)

ALL = (
    SALE, WATER, POWER, GAS, OWN_SHOP, RENTED_SHOP, ONLINE_SHOP, SHOP_CHENGDU, FREIGHT, FREIGHT_TO_BUY,
    FLEET, LORRY,
)  # fmt: skip
