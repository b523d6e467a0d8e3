"""GB/T 39046-2020 政务服务平台基础数据规范: the data items of what happens in a case (tables 5–11, 15), their types and the code
tables of annex A; and the check of a row against them.

Types as the standard writes them: `a` letters, `n` digits, `an` any characters, a number exactly so many, `..` a number at
most so many, `ul` without end; dates `YYYYMMDD`, times `YYYYMMDDThhmmss`. Names are the standard's Chinese names. Which of
them must be there is what the platform cannot do without: the copy of the standard at hand marks none as mandatory. Of table
10 it names few data items and of table 11 no codes: those here are ours (`docs/export.md`). Tables 12 (whether a person's
name was proved by the platform) and 14 (payments) say what this house does not know.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

Row = Mapping[str, str]
_TYPE = re.compile(r"(an|a|n)(\.\.)?(\d+|ul)")


@dataclass(frozen=True)
class DataItem:
    """`type`: `an..200`, `n1`, `date`, `time`. `codes`: code → meaning. `must`: a row without it says nothing. `personal`:
    in full only for whoever may see personal values; masked, it is not held to its check digit."""

    name: str
    type: str
    codes: Mapping[str, str] | None = None
    must: bool = False
    personal: bool = False


CASE_KINDS = {"1": "即办件", "2": "承诺件", "9": "其他"}
ID_KINDS = {"111": "居民身份证", "001": "统一社会信用代码", "999": "其他证件"}
"""GA/T 2000.156 for persons; organisations stand under their credit code."""
SPECIAL_KINDS = {"1": "延长审批", "2": "除延长审批之外"}
RATINGS = {"1": "非常满意", "2": "满意", "3": "基本满意", "4": "不满意", "5": "非常不满意"}
STEP_STATES = {"1": "待办", "2": "已办"}
YES_NO = {"0": "否", "1": "是"}
RATING_CHANNELS = {
    "1": "PC端", "2": "移动服务端", "3": "二维码", "4": "政务大厅平板电脑", "5": "政务大厅其他终端", "6": "电话", "7": "短信",
}  # fmt: skip
WARNINGS = {"1": "预警（黄）", "2": "超期（红）"}
SOURCES = {"1": "窗口", "2": "电脑端", "3": "移动端", "4": "快递申请", "9": "其他"}
COLLECTED = {"1": "纸质收取", "2": "附件上传", "3": "扫描", "4": "容缺后补", "5": "证照库"}
ACTIONS = {"1": "通过", "2": "退回", "9": "其他"}
STATES = {
    "8": "外网申报初始化", "10": "未提交", "12": "已提交（待预审）", "14": "预审退回", "16": "预审通过", "20": "初始化",
    "22": "预登记", "24": "待接件", "26": "已接件", "28": "待补办（待补正）", "30": "已受理", "37": "已受理待补办",
    "40": "审批不通过", "50": "审批通过", "90": "正常办结", "97": "不予受理", "98": "撤销申请", "99": "异常终止",
}  # fmt: skip
"""办件状态 as the co-author's platforms have it; the standard itself numbers none."""

D = DataItem
NUMBER = D("办件编号", "an..50", must=True)
APPLICATION = (
    NUMBER,
    D("实施编码", "an..36", must=True),
    D("事项名称", "an..200", must=True),
    D("办件类型代码", "n1", CASE_KINDS, must=True),
    D("申请者名称", "an..100", must=True, personal=True),
    D("申请者证件类型代码", "n3", ID_KINDS, must=True),
    D("申请者证件号码", "an..18", must=True, personal=True),
    D("代理人姓名", "an..50", personal=True),
    D("代理人证件类型代码", "n3", ID_KINDS),
    D("代理人证件号码", "an..18", personal=True),
    D("联系人手机号码", "an..11", personal=True),
    D("通讯地址", "an..200", personal=True),
    D("申报来源代码", "n1", SOURCES, must=True),
    D("申请时间", "time", must=True),
    D("行政区划", "n..9", must=True),
    D("办件状态代码", "n..2", STATES, must=True),
)
MATERIAL = (
    NUMBER,
    D("材料名称", "an..200", must=True),
    D("是否必备材料", "n1", {"1": "必要", "2": "非必要", "3": "容缺后补"}, must=True),
    D("是否收取", "n1", YES_NO, must=True),
    D("收取方式", "n1", COLLECTED),
    D("收取数量", "n..3"),
    D("收取时间", "time"),
)
ACCEPTANCE = (
    NUMBER,
    D("受理单位名称", "an..100", must=True),
    D("受理单位统一社会信用代码", "an18"),
    D("受理人员", "an..50"),
    D("受理时间", "time", must=True),
    D("受理文书编号", "an..30", must=True),
    D("承诺办结时间", "date", must=True),
    D("法定办结时间", "date", must=True),
    D("办件类型代码", "n1", CASE_KINDS, must=True),
    D("行政区划", "n..9", must=True),
)
HANDLING = (
    NUMBER,
    D("业务动作", "n1", ACTIONS),
    D("环节名称", "an..100", must=True),
    D("环节处理人", "an..50"),
    D("处理意见", "an..1000"),
    D("环节开始时间", "time"),
    D("环节结束时间", "time"),
    D("处理单位", "an..100", must=True),
    D("处理单位统一社会信用代码", "an18"),
    D("环节办理状态代码", "n1", STEP_STATES, must=True),
)
SPECIAL = (
    NUMBER,
    D("特别程序种类名称", "an..100", must=True),
    D("特别程序种类代码", "n1", SPECIAL_KINDS, must=True),
    D("开始时间", "time", must=True),
    D("启动理由或依据", "an..1000", must=True),
    D("申请人", "an..50"),
    D("结束时间", "time"),
    D("结果", "an..200"),
    D("办理单位", "an..100"),
)
CONCLUSION = (
    NUMBER,
    D("办理人姓名", "an..50"),
    D("办结时间", "time", must=True),
    D("结果证照名称", "an..200"),
    D("结果证照编号", "an..64"),
    D("办件结果描述", "an..200", must=True),
    D("发证单位", "an..100", must=True),
    D("是否快递寄送结果", "n1", YES_NO, must=True),
    D("是否收费", "n1", YES_NO, must=True),
)
RATING = (
    NUMBER,
    D("评价渠道代码", "n1", RATING_CHANNELS, must=True),
    D("评价人", "an..100", personal=True),
    D("评价时间", "time", must=True),
    D("评价次数", "n..2", must=True),
    D("满意度代码", "n1", RATINGS, must=True),
    D("文字评价", "an..1000", personal=True),
)
COMPLAINT = (
    NUMBER,
    D("投诉编号", "an..50", must=True),
    D("投诉类型", "an..50", must=True),
    D("投诉人", "an..100", personal=True),
    D("投诉时间", "time", must=True),
    D("投诉内容", "an..2000", personal=True),
    D("受理单位名称", "an..100", must=True),
    D("受理时间", "time"),
    D("答复时间", "time"),
    D("答复内容", "an..2000", personal=True),
    D("是否解决", "n1", YES_NO),
    D("超期天数", "n..4"),
)
MONITORING = (
    NUMBER,
    D("监察编号", "an..50", must=True),
    D("监察规则编号", "an..50", must=True),
    D("监察预警类型代码", "n1", WARNINGS, must=True),
    D("督办内容", "an..1000", must=True, personal=True),
    D("督办发出时间", "time", must=True),
    D("被督办机构", "an..100", must=True),
    D("责任部门", "an..100", must=True),
    D("状态产生时间", "time", must=True),
    D("监察结果描述", "an..200", must=True),
)
LOGISTICS = (
    NUMBER,
    D("物流单号", "an..50", must=True),
    D("寄送单位", "an..100", must=True),
    D("寄送日期", "date"),
    D("寄送人", "an..50", personal=True),
    D("接收单位", "an..100"),
    D("接收人", "an..50", personal=True),
    D("接收日期", "date"),
)
TABLES: Mapping[str, tuple[DataItem, ...]] = {
    "application": APPLICATION,
    "materials": MATERIAL,
    "acceptance": ACCEPTANCE,
    "handling": HANDLING,
    "special": SPECIAL,
    "conclusion": CONCLUSION,
    "rating": RATING,
    "complaints": COMPLAINT,
    "monitoring": MONITORING,
    "logistics": LOGISTICS,
}
LABELS: Mapping[str, str] = {
    "application": "办事申请（表5）",
    "materials": "申请材料（表5）",
    "acceptance": "受理（表6）",
    "handling": "办理（表7）",
    "special": "特别程序（表7）",
    "conclusion": "办结（表8）",
    "rating": "评价（表9）",
    "complaints": "投诉（表10）",
    "monitoring": "电子监察（表11）",
    "logistics": "物流（表15）",
}


def problems(table: str, row: Row) -> Iterator[str]:
    """What does not fit, in words: `受理文书编号：最长30位，实为34位`. Values of personal items are never quoted."""
    known = {item.name: item for item in TABLES[table]}
    yield from (f"{name}：不是本表的数据项" for name in row if name not in known)
    for item in TABLES[table]:
        value = row.get(item.name, "")
        if value:
            yield from (f"{item.name}：{what}" for what in _wrong(item, value))
        elif item.must:
            yield f"{item.name}：缺少"


def _wrong(item: DataItem, value: str) -> Iterator[str]:
    if item.type in _TIMES:
        if not _is_time(value, *_TIMES[item.type]):
            yield "应为YYYYMMDD" if item.type == "date" else "应为YYYYMMDDThhmmss"
        return
    yield from _misfit(item, value)
    if item.codes is not None and value not in item.codes:
        yield "不在代码表中" if item.personal else f"代码{value}不在代码表中"


_TIMES = {"date": ("%Y%m%d", 8), "time": ("%Y%m%dT%H%M%S", 15)}


def _is_time(value: str, pattern: str, length: int) -> bool:
    try:
        datetime.strptime(value, pattern)
    except ValueError:
        return False
    return len(value) == length


def _misfit(item: DataItem, value: str) -> Iterator[str]:
    found = _TYPE.fullmatch(item.type)
    assert found is not None, item.type
    letters, up_to, count = found.groups()
    if count != "ul" and (len(value) > int(count) or (not up_to and len(value) < int(count))):
        yield f"{'最长' if up_to else '应为'}{count}位，实为{len(value)}位"
    if letters == "n" and not (value.isascii() and value.isdigit()):
        yield "应为数字"
    if letters == "a" and not (value.isascii() and value.isalpha()):
        yield "应为字母"
