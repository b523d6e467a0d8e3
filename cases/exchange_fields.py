"""The national exchange's fields of an item (up_task_general_*), with the code tables of GB/T 39046-2020 annex A."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ExchangeField:
    """`most`: characters. `codes`: what it may be; empty: any text. `several`: codes with commas between them."""

    name: str
    label: str
    most: int = 200
    codes: Mapping[str, str] | None = None
    several: bool = False


ITEM_TYPES = {
    "01": "行政许可", "02": "行政处罚", "03": "行政强制", "04": "行政征收", "05": "行政给付", "06": "行政检查",
    "07": "行政确认", "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力", "20": "公共服务",
}  # fmt: skip
LEVELS = {
    "1": "国家级",
    "2": "省级",
    "3": "市级",
    "4": "县级",
    "5": "镇（乡、街道）级",
    "6": "村（社区）级",
    "7": "分级管理",
}
BODY_TYPES = {"1": "法定机关", "2": "授权组织", "3": "受委托组织", "9": "其他"}
PROJECT_TYPES = {"1": "即办件", "2": "承诺件", "9": "其他"}
SERVED = {
    "1": "自然人", "2": "企业法人", "3": "事业法人", "4": "社会组织法人", "5": "非法人企业", "6": "行政机关", "9": "其他组织",
}  # fmt: skip
HANDLED = {"1": "窗口办理", "2": "电脑端办理", "3": "移动端办理", "4": "快递申请", "9": "其他"}
DAY_TYPES = {"1": "工作日", "2": "自然日"}
YES_NO = {"0": "否", "1": "是"}
DEPTHS = {"1": "Ⅰ级", "2": "Ⅱ级", "3": "Ⅲ级", "4": "Ⅳ级"}
NEEDS = {"1": "必要", "2": "非必要", "3": "容缺后补"}
MATERIAL_TYPES = {"1": "证件证书证明", "2": "申请表格文书", "3": "其他"}
FORMATS = {"1": "纸质", "2": "电子化", "3": "纸质/电子化"}
SOURCES = {"10": "申请人自备", "20": "政府部门核发", "99": "其他"}

F = ExchangeField
DIRECTORY: tuple[ExchangeField, ...] = (
    F("catalog_code", "基本编码", 12),
    F("local_catalog_code", "地方基本编码", 36),
    F("task_name", "事项名称"),
    F("task_type", "事项类型", 2, ITEM_TYPES),
    F("task_state", "事项状态", 2),
    F("task_version", "事项版本", 10),
    F("by_law", "设定依据", 4000),
    F("use_level", "行使层级", 20, LEVELS, several=True),
    F("plan_effective_date", "计划生效日期", 20),
    F("plan_cancel_date", "计划取消日期", 20),
)
BASIC: tuple[ExchangeField, ...] = (
    F("task_code", "实施编码", 64),
    F("task_handle_item", "业务办理项编码", 64),
    F("region_code", "行政区划", 12),
    F("dept_code", "实施主体编码", 64),
    F("dept_name", "实施主体"),
    F("dept_type", "实施主体性质", 1, BODY_TYPES),
    F("entrust_name", "委托部门"),
    F("accept_condition", "受理条件", 4000),
    F("anticipate_day", "法定办结时限", 5),
    F("anticipate_type", "法定办结时限单位", 1, DAY_TYPES),
    F("anticipate_explain", "法定办结时限说明", 2000),
    F("promise_day", "承诺办结时限", 5),
    F("promise_type", "承诺办结时限单位", 1, DAY_TYPES),
    F("promise_explain", "承诺办结时限说明", 2000),
    F("handle_flow", "办理流程", 4000),
    F("handle_type", "办理形式", 20, HANDLED, several=True),
    F("project_type", "办件类型", 1, PROJECT_TYPES),
    F("power_source", "权力来源", 20),
    F("server_type", "服务对象", 20, SERVED, several=True),
    F("special_procedure", "特别程序", 2000),
    F("limit_scene_num", "到办事现场次数", 2),
    F("limit_scene_explain", "必须现场办理原因说明", 2000),
    F("is_fee", "是否收费", 1, YES_NO),
    F("fee_basis", "收费依据", 2000),
    F("link_way", "咨询方式", 2000),
    F("supervise_way", "监督投诉方式", 2000),
    F("transact_addr", "办理地点", 2000),
    F("transact_time", "办理时间", 2000),
    F("link_addr", "联系地址", 2000),
    F("mobile_terminal_url", "移动端办理地址", 500),
)
EXTEND: tuple[ExchangeField, ...] = (
    F("handle_area", "通办范围", 20),
    F("is_entry_center", "是否进驻政务大厅", 1, YES_NO),
    F("is_express", "是否支持物流快递", 1, YES_NO),
    F("is_online", "是否网办", 1, YES_NO),
    F("is_pay_online", "是否支持网上支付", 1, YES_NO),
    F("is_schedule", "是否支持预约办理", 1, YES_NO),
    F("is_service_terminals", "是否支持自助终端办理", 1, YES_NO),
    F("online_handle_depth", "网上办理深度", 1, DEPTHS),
    F("other_dept", "联办机构", 500),
    F("result_guid", "审批结果标识", 64),
    F("result_name", "审批结果名称"),
    F("result_type", "审批结果类型", 20),
    F("user_topic_type", "面向自然人主题", 500),
    F("corp_topic_type", "面向法人主题", 500),
    F("town_code", "乡镇街道编码", 100),
    F("village_code", "村居社区编码", 100),
)
MATERIAL: tuple[ExchangeField, ...] = (
    F("row_guid", "材料标识", 64),
    F("material_name", "材料名称"),
    F("is_need", "材料必要性", 1, NEEDS),
    F("material_type", "材料类型", 1, MATERIAL_TYPES),
    F("material_format", "材料形式", 1, FORMATS),
    F("page_num", "原件份数", 2),
    F("page_copynum", "复印件份数", 2),
    F("page_format", "材料规格", 200),
    F("source_type", "来源渠道", 2, SOURCES),
    F("source_explain", "来源渠道说明", 500),
    F("fill_explain", "填报须知", 2000),
    F("accept_stand", "受理标准", 2000),
    F("by_law", "要求提供材料的依据", 4000),
    F("form_guid", "空白表格", 64),
    F("example_guid", "示例样表", 64),
    F("order_num", "序号", 4),
    F("remark", "备注", 2000),
)
FEE: tuple[ExchangeField, ...] = (
    F("fee_name", "收费项目名称"), F("fee_stand", "收费标准", 500), F("by_law", "收费依据", 2000),
)  # fmt: skip
SECTIONS: Mapping[str, tuple[ExchangeField, ...]] = {"directory": DIRECTORY, "basic": BASIC, "extend": EXTEND}
LISTS: Mapping[str, tuple[ExchangeField, ...]] = {"materials": MATERIAL, "fees": FEE}
