"""Composition: the environment is read here, once, and handed down as frozen values.

`read(os.environ)` for a process; `VARIABLES` lists every variable of the program with what it is for, and `env_example`
writes them as the repository's `.env.example`. Promises: what is missing or malformed fails at the start and is named.
No secret has a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cases.model import Address
from courier.settings import CourierSettings, SettingsWrong
from courier.settings import from_mapping as courier_from
from preaudit.settings import EngineName, PreauditSettings
from storage.settings import SettingMissing, StorageSettings

OFFICE_PARTS = ("province", "city", "county", "detail", "contact", "phone")


class SettingsInvalid(Exception):
    """A variable is missing or unusable. The message opens with its name."""


@dataclass(frozen=True)
class WorkersSettings:
    redis_url: str = field(repr=False)
    office: Address | None = field(default=None, repr=False)
    """Needed by whoever books couriers."""
    log: str = "json"
    log_level: str = "info"
    poll_seconds: float = 1.0
    """How often the relay looks even if nobody called it."""
    sweep_seconds: float = 5.0
    """How often the clock looks for dead leases and bells that were not answered."""
    clamd: str = ""
    """host:port or the path of a Unix socket; empty: no virus scanner."""


@dataclass(frozen=True)
class Settings:
    workers: WorkersSettings
    storage: StorageSettings
    preaudit: PreauditSettings
    courier: CourierSettings


def read(env: Mapping[str, str]) -> Settings:
    """Everything a background process needs. Raises `SettingsInvalid`."""
    try:
        return Settings(workers(env), StorageSettings.from_mapping(env), preaudit(env), courier_from(env))
    except (SettingMissing, SettingsWrong) as error:
        raise SettingsInvalid(str(error)) from error


def storage(env: Mapping[str, str]) -> StorageSettings:
    """For commands that need nothing else. Raises `SettingsInvalid`."""
    try:
        return StorageSettings.from_mapping(env)
    except SettingMissing as error:
        raise SettingsInvalid(str(error)) from error


def workers(env: Mapping[str, str]) -> WorkersSettings:
    url = env.get("WORKERS_REDIS_URL", "").strip()
    if not url.startswith(("redis://", "rediss://", "unix://")):
        # never echo it: it may hold a password
        raise SettingsInvalid("WORKERS_REDIS_URL must be redis://host:port/db or unix:///path/to/socket")
    return WorkersSettings(
        redis_url=url,
        office=office(env.get("WORKERS_OFFICE", "")),
        log=_one_of(env, "WORKERS_LOG", ("json", "console")),
        log_level=_one_of(env, "WORKERS_LOG_LEVEL", ("info", "debug", "warning", "error")),
        poll_seconds=_number(env, "WORKERS_POLL_SECONDS", WorkersSettings.poll_seconds),
        sweep_seconds=_number(env, "WORKERS_SWEEP_SECONDS", WorkersSettings.sweep_seconds),
        clamd=clamd(env.get("WORKERS_CLAMD", "")),
    )


def clamd(raw: str) -> str:
    """`host:port`, or the path of a Unix socket."""
    address = raw.strip()
    _, colon, port = address.rpartition(":")
    if address and not address.startswith("/") and not (colon and port.isdigit()):
        raise SettingsInvalid("WORKERS_CLAMD must be host:port or /path/to/socket")
    return address


def office(raw: str) -> Address | None:
    """`province|city|county|detail|contact|phone`."""
    if not raw.strip():
        return None
    parts = [p.strip() for p in raw.split("|")]
    if len(parts) != len(OFFICE_PARTS) or not all(parts):
        raise SettingsInvalid(f"WORKERS_OFFICE must be {'|'.join(OFFICE_PARTS)}, none of them empty")
    return Address(**dict(zip(OFFICE_PARTS, parts, strict=True)))


def preaudit(env: Mapping[str, str]) -> PreauditSettings:
    usual = PreauditSettings()
    engine = env.get("PREAUDIT_ENGINE", "").strip() or str(usual.engine)
    if engine not in set(EngineName):
        raise SettingsInvalid(f"PREAUDIT_ENGINE must be one of {', '.join(EngineName)}, not {engine!r}")
    return PreauditSettings(
        engine=EngineName(engine),
        threads=int(_number(env, "PREAUDIT_THREADS", usual.threads)),
        cpu_pinning=_one_of(env, "PREAUDIT_CPU_PINNING", ("1", "0")) == "1",
    )


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """The first is the default."""
    value = env.get(name, "").strip() or allowed[0]
    if value not in allowed:
        raise SettingsInvalid(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    raw = env.get(name, "").strip()
    try:
        value = float(raw) if raw else default
    except ValueError:
        raise SettingsInvalid(f"{name} must be a number, not {raw!r}") from None
    if value <= 0:
        raise SettingsInvalid(f"{name} must be greater than 0, not {raw!r}")
    return value


@dataclass(frozen=True)
class Variable:
    """`example` stands in `.env.example`; `required` ones are not commented out there."""

    name: str
    example: str
    meaning: str
    required: bool = False


_V = Variable
VARIABLES: Mapping[str, tuple[Variable, ...]] = {
    "Where everything is kept (every process)": (
        _V("STORAGE_DATABASE_URL", "postgresql://zerotrip@127.0.0.1/zerotrip", "postgresql://… or sqlite:///file", True),
        _V("STORAGE_BLOBS", "dir:/srv/zerotrip/blobs", "dir:/path or s3://bucket?endpoint=URL&region=NAME", True),
        _V("STORAGE_KEY_FILE", "/etc/zerotrip/keys.json", "made by `zerotrip migrate --make-keys`, mode 600", True),
        _V("STORAGE_ANCHORS", "file:/mnt/elsewhere/zerotrip-anchors.jsonl",
           "anchors of the record, out of the database's reach: file:/path or s3://bucket/folder?… (docs/privacy.md)"),
        _V("STORAGE_POOL_SIZE", "8", "PostgreSQL connections one process may hold"),
        _V("STORAGE_STATEMENT_TIMEOUT_S", "30", "PostgreSQL: the longest a statement may run"),
        _V("STORAGE_BUSY_TIMEOUT_S", "15", "SQLite: how long a writer waits for another"),
        _V("STORAGE_PASSWORD_MEMORY_MIB", "64", "argon2's memory for the password of a member of staff; 19 at least"),
    ),
    "Couriers (web, worker)": (
        _V("ZEROTRIP_COURIERS", "ems", "names of the partners, the default first", True),
        _V("ZEROTRIP_CIRCUIT_FAILURES", "5", "calls in a row without an answer, after which a partner is left alone"),
        _V("ZEROTRIP_CIRCUIT_PAUSE_S", "60", "for how long, before one caller tries it again"),
        _V("ZEROTRIP_EMS_BASE_URL", "https://api.ems.com.cn/amp-prod-api/f/amp/api/open", "China Post EMS", True),
        _V("ZEROTRIP_EMS_SENDER_NO", "", "number of the agreement", True),
        _V("ZEROTRIP_EMS_AUTHORIZATION", "", "as China Post hands it out", True),
        _V("ZEROTRIP_EMS_SIGN_KEY", "", "16 bytes in Base64, as China Post hands it out", True),
        _V("ZEROTRIP_EMS_HOOK_SECRET", "", "at least 16 random characters: part of the address pushes come to", True),
        _V("ZEROTRIP_EMS_CONNECT_TIMEOUT_S", "3.05", "seconds; any partner"),
        _V("ZEROTRIP_EMS_READ_TIMEOUT_S", "15", "seconds; any partner"),
        _V("ZEROTRIP_EMS_PRODUCT", "1", "product code, 1 = 特快专递"),
        _V("ZEROTRIP_EMS_PROJECT_ID", "", "of a government project, if China Post gave one"),
        _V("ZEROTRIP_EMS_POLLS_PER_MINUTE", "20", "questions about parcels of which too little is heard; any partner"),
        _V("ZEROTRIP_EMS_SANDBOX", "0", "1 with `python -m courier.sandbox` only; any partner"),
        _V("ZEROTRIP_EMS_HOURS", "08:00-20:00", "when couriers come on working days; any partner"),
        _V("ZEROTRIP_EMS_HOURS_REST", "09:00-17:00", "and on rest days; any partner"),
    ),
    "Couriers beside EMS (each needed where ZEROTRIP_COURIERS names it)": (
        _V("ZEROTRIP_SF_BASE_URL", "https://bspgw.sf-express.com/std/service", "SF Express 丰桥"),
        _V("ZEROTRIP_SF_PARTNER_ID", "", "顾客编码"),
        _V("ZEROTRIP_SF_CHECK_WORD", "", "校验码"),
        _V("ZEROTRIP_SF_HOOK_SECRET", "", "part of the address pushes come to; SF signs none of them"),
        _V("ZEROTRIP_SF_PROOF", "standard_md5", "standard_md5 | simple_md5 | sm3 | oauth2, as chosen in SF's console"),
        _V("ZEROTRIP_SF_TOKEN_URL", "https://sfapi.sf-express.com/oauth2/accessToken", "with PROOF=oauth2"),
        _V("ZEROTRIP_SF_MONTHLY_CARD", "", "月结卡号"),
        _V("ZEROTRIP_SF_PRODUCT", "1", "expressTypeId"),
        _V("ZEROTRIP_KUAIDI100_BASE_URL", "https://poll.kuaidi100.com/order/borderapi.do", "Kuaidi100 商家寄件"),
        _V("ZEROTRIP_KUAIDI100_POLL_URL", "https://poll.kuaidi100.com/poll", "subscription to a waybill"),
        _V("ZEROTRIP_KUAIDI100_QUERY_URL", "https://poll.kuaidi100.com/poll/query.do", "live query"),
        _V("ZEROTRIP_KUAIDI100_KEY", "", "授权key"),
        _V("ZEROTRIP_KUAIDI100_SECRET", "", "signs orders"),
        _V("ZEROTRIP_KUAIDI100_CUSTOMER", "", "signs queries"),
        _V("ZEROTRIP_KUAIDI100_SALT", "", "at least 16 random characters: signs pushes"),
        _V("ZEROTRIP_KUAIDI100_HOOK_SECRET", "", "part of the address pushes come to"),
        _V("ZEROTRIP_KUAIDI100_PUBLIC_URL", "https://zerotrip.example.gov.cn", "where its pushes reach this service"),
        _V("ZEROTRIP_KUAIDI100_CARRIER", "ems", "kuaidicom: who carries"),
        _V("ZEROTRIP_KUAIDI100_SERVICE_TYPE", "", "serviceType of that carrier"),
        _V("ZEROTRIP_KDNIAO_BASE_URL", "https://api.kdniao.com/api/OOrderService", "KDNiao"),
        _V("ZEROTRIP_KDNIAO_TRACE_URL", "https://api.kdniao.com/Ebusiness/EbusinessOrderHandle.aspx", "its traces"),
        _V("ZEROTRIP_KDNIAO_BUSINESS_ID", "", "EBusinessID"),
        _V("ZEROTRIP_KDNIAO_APP_KEY", "", "signs calls and pushes"),
        _V("ZEROTRIP_KDNIAO_HOOK_SECRET", "", "part of the address pushes come to"),
        _V("ZEROTRIP_KDNIAO_CARRIER", "EMS", "ShipperCode: who carries"),
        _V("ZEROTRIP_KDNIAO_ORDER_TYPE", "1801", "1801 上门取件 | 1001 预约取件"),
        _V("ZEROTRIP_KDNIAO_CANCEL_TYPE", "1004", "which request cancels"),
        _V("ZEROTRIP_KDNIAO_TRACE_TYPE", "1002", "which request traces"),
        _V("ZEROTRIP_KDNIAO_MONTH_CODE", "", "月结号"),
        _V("ZEROTRIP_KDNIAO_POST_CODE", "", "of the region: EMS and 邮政 want one"),
        _V("ZEROTRIP_KDNIAO_PRODUCT", "1", "ExpType"),
        _V("ZEROTRIP_JDL_BASE_URL", "https://api.jdl.com", "JD Logistics"),
        _V("ZEROTRIP_JDL_APP_KEY", "", "of the application"),
        _V("ZEROTRIP_JDL_APP_SECRET", "", "signs calls"),
        _V("ZEROTRIP_JDL_ACCESS_TOKEN", "", "of the authorised account"),
        _V("ZEROTRIP_JDL_CUSTOMER_CODE", "", "商家编码"),
        _V("ZEROTRIP_JDL_PRODUCT", "ed-m-0001", "productCode"),
        _V("ZEROTRIP_JDL_ORIGIN", "2", "orderOrigin: 2 is a pick-up from a consumer"),
        _V("ZEROTRIP_GRID_AREAS", "hz-chigang:海珠区:赤岗 新港;hz:海珠区",
           "grid workers' areas, code:district:words of addresses; the first that fits counts"),
        _V("ZEROTRIP_GRID_HOURS", "08:30-12:30,14:30-20:30", "when grid workers come on working days; _HOURS_REST too"),
        _V("ZEROTRIP_DROP_BOX_AREAS", "hz:海珠区", "who may use the boxes; everybody if not set"),
        _V("ZEROTRIP_COUNTER_AREAS", "hz:海珠区", "who is told of the counter; everybody if not set"),
        _V("ZEROTRIP_COUNTER_HOURS", "09:00-12:00,13:00-17:00", "when the counter is open; _HOURS_REST too"),
    ),
    "Messages to residents (worker; WECHAT_ also web)": (
        _V("WECHAT_APPID", "", "of the mini-program; without it nobody signs in from WeChat"),
        _V("WECHAT_SECRET", "", "AppSecret"),
        _V("WECHAT_TEMPLATES", "/etc/zerotrip/wechat.yaml", "our messages on the account's templates: docs/messages.md"),
        _V("WECHAT_STATE", "formal", "formal | trial | developer: which version a message opens"),
        _V("WECHAT_AES_KEY", "", "EncodingAESKey, where pushes are encrypted"),
        _V("WECHAT_BASE_URL", "https://api.weixin.qq.com", "the platform"),
        _V("WECHAT_CONNECT_TIMEOUT_S", "3.05", "seconds"),
        _V("WECHAT_READ_TIMEOUT_S", "5", "seconds"),
        _V("SMS_URL", "https://sms.example.gov.cn/zerotrip", "the city's text-message gateway: docs/messages.md"),
        _V("SMS_SECRET", "", "at least 16 random characters: signs what goes there"),
        _V("SMS_SIGN", "海珠政务", "opens each text, as operators require"),
        _V("WORKERS_QUIET_HOURS", "22:00-08:00", "when only what is urgent is sent"),
    ),
    "Data sharing (worker; web offers it where SHARING_URL is set)": (
        _V("SHARING_URL", "https://share.example.gov.cn", "the registry, or the gateway before several: docs/reuse.md"),
        _V("SHARING_CLIENT", "zerotrip", "the name it knows this service by"),
        _V("SHARING_SECRET", "", "at least 16 random characters: signs both ways"),
        _V("SHARING_TIMEOUT_S", "5", "seconds for a whole answer"),
    ),
    "Background processes (relay, clock, reader, worker)": (
        _V("WORKERS_REDIS_URL", "redis://127.0.0.1:6379/3", "redis://… or unix:///path/to/socket", True),
        _V("WORKERS_OFFICE", "广东省|广州市|海珠区|宝岗大道1号政务服务中心|收件室|02012345678",
           "where papers are sent to: " + "|".join(OFFICE_PARTS), True),
        _V("WORKERS_WEBHOOK_HOSTS", "oa.example.gov.cn .rsj.example.gov.cn",
           "hosts of departments' systems that are told news (a dot before one: every host below); docs/departments.md"),
        _V("WORKERS_LOG", "json", "json | console"),
        _V("WORKERS_LOG_LEVEL", "info", "debug | info | warning | error"),
        _V("WORKERS_POLL_SECONDS", "1", "how often the relay looks even if nobody called it"),
        _V("WORKERS_SWEEP_SECONDS", "5", "how often the clock looks for dead leases"),
        _V("WORKERS_CLAMD", "", "clamd as host:port or /path/to/socket; uploads wait while it is away (reader, worker)"),
        _V("PREAUDIT_ENGINE", "auto", "auto | openvino | onnxruntime | tesseract (reader)"),
        _V("PREAUDIT_THREADS", "2", "threads of the recogniser (reader)"),
        _V("PREAUDIT_CPU_PINNING", "1", "0 when several readers share a machine (reader)"),
    ),
    "For supervisors and fault tests (every process)": (
        _V("WORKERS_READY_FILE", "", "a file that the process makes, with its pid in it, when it can work"),
        _V("STORAGE_AFTER", "", "a file that whoever makes the database makes when it may be opened; until then it is not"),
        _V("WORKERS_CRASH_AT", "", "the place at which the process dies as by kill -9: see storage/crashpoints.py"),
        _V("WORKERS_CRASH_ONCE", "", "a file: whoever makes it dies, whoever finds it lives"),
    ),
    "Signing in through an identity provider (web; docs/deploying.md)": (
        _V("OIDC_ISSUER", "https://id.example.gov.cn", "as the provider spells it; without it staff sign in here"),
        _V("OIDC_CLIENT_ID", "", "what the provider registered this service with"),
        _V("OIDC_CLIENT_SECRET", "", "as the provider hands it out"),
        _V("OIDC_NAME", "统一身份认证", "on the button"),
        _V("OIDC_LOGIN_CLAIM", "preferred_username", "which claim is the login here, when somebody comes for the first time"),
        _V("OIDC_ACR", "", "how it must have signed them in (acr); empty: its own rules are enough"),
        _V("OIDC_HOSTS", "", "besides the issuer's, by commas: where its keys and tokens may lie"),
        _V("OIDC_TIMEOUT_S", "8", "seconds"),
    ),
    "Ways out (web, worker)": (
        _V("OUTGOING_PRIVATE_HOSTS", "", "names of couriers, gateways and providers whose servers stand in a private network"),
    ),
    "Front doors (web)": (
        _V("WEB_PUBLIC_URL", "https://zerotrip.example.gov.cn", "the address at which residents reach this service", True),
        _V("WEB_HOST", "127.0.0.1", "address to listen on"),
        _V("WEB_PORT", "8000", "port to listen on"),
        _V("WEB_EMBEDDED_PLATFORM", "0", "1 lets anybody log in with dev:NAME: for one's own machine only"),
        _V("WEB_PUSH_TOKEN", "", "shared with the messaging platform, 3 to 32 letters and digits"),
        _V("WEB_UPLOAD_MAX_BYTES", "30000000", "one file"),
        _V("WEB_CHUNK_MAX_BYTES", "10000000", "one piece of a resumable upload"),
        _V("WEB_JSON_MAX_BYTES", "262144", "any other body"),
        _V("WEB_PUSH_MAX_BYTES", "262144", "a courier's push"),
        _V("WEB_COOKIE_SECURE", "1", "0 without TLS: one's own machine only"),
        _V("WEB_PERSON_PER_MINUTE", "240", "calls of one person"),
        _V("WEB_ADDRESS_PER_MINUTE", "6000", "calls of one address"),
        _V("WEB_LOGINS_PER_MINUTE", "20", "attempts of staff to log in, per address"),
        _V("WEB_SIGN_INS_PER_MINUTE", "600", "residents who sign in, per address"),
        _V("WEB_WINDOW_DAYS", "5", "how many days ahead courier windows are offered"),
        _V("WEB_COVERAGE_TIMEOUT_S", "2", "the longest a resident waits for a partner's check of an address"),
        _V("WEB_UPLOADS_PER_PERSON", "20", "resumable uploads a person may have under way"),
        _V("WEB_TRUSTED_PROXIES", "", "addresses or networks, by commas, whose X-Forwarded-For is believed"),
        _V("WEB_DEVICE_PER_MINUTE", "600", "calls of one terminal"),
        _V("WEB_PAGES_PER_MINUTE", "120", "pages and other files that one account or one terminal sends"),
        _V("WEB_LOOKUPS_PER_MINUTE", "60", "letters verified, per address; people looked for at the desk, per account"),
        _V("WEB_CODES_PER_MINUTE", "20", "one-time codes that one account asks for or tries"),
        _V("WEB_MISSES_PER_PERSON", "40", "numbers tried that are not there, in ten minutes: docs/deploying.md"),
        _V("WEB_MISSES_PER_ADDRESS", "400", "the same, per address"),
        _V("WEB_FAILED_LOGINS_PER_ADDRESS", "60", "in ten minutes"),
        _V("WEB_FILES_UNDER_WAY", "256", "files on their way in at once, in one process of the doors"),
        _V("WEB_FILES_OF_ONE", "16", "the same of one account"),
        _V("WEB_STALLED_AFTER_S", "30", "seconds without a byte after which a body is given up"),
        _V("WEB_READING_WAITS_MOST", "10000", "unread pages before uploads are told to come later"),
        _V("WEB_JUDGING_WAITS_MOST", "5000", "applications waiting to be judged, likewise"),
        _V("WEB_BOOKING_WAITS_MOST", "5000", "bookings waiting for their partner, likewise"),
        _V("WEB_TELLING_WAITS_MOST", "20000", "messages waiting, before lists of people are told to come later"),
        _V("WEB_PAPERS_WAITS_MOST", "5000", "papers waiting to be made, before what needs one is told to come later"),
        _V("WEB_ARRIVING_WAITS_MOST", "50000", "pushes kept and not handled, before partners are told to send them again"),
        _V("WEB_OFFICE_WAITS_MOST", "2000", "the office's own work (files beside decisions, trials of items), likewise"),
        _V("WEB_LISTS_SHARE", "0.5", "how much of these bounds lists may fill"),
        _V("WEB_PERSON_WAITS_MOST", "200", "unread pages of one resident"),
        _V("WEB_POINT_WAITS_MOST", "2000", "unread pages of one agent point"),
    ),
}  # fmt: skip


def env_example() -> str:
    """The text of `.env.example`."""
    parts = ["# Every variable of zerotrip. The embedded service (`zerotrip up`) sets them all by itself.\n"]
    for title, variables in VARIABLES.items():
        parts.append(f"\n# ── {title}\n")
        parts += [f"# {v.meaning}\n{'' if v.required else '# '}{v.name}={v.example}\n" for v in variables]
    return "".join(parts)
