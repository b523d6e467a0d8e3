"""The composition root of HTTP: settings in, one application out. The only module of `web` that reads the environment.

`uvicorn web.app:create --factory` starts it. Whatever is missing fails here, by the variable's name, before the first
request. Nothing here knows Redis: work is started by a job row.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from courier.registry import partners
from courier.settings import from_mapping as courier_settings
from egress.door import PRIVATE_HOSTS, allow_private
from messaging.wechat.settings import WechatSettings
from sharing.settings import SharingSettings
from storage import crashpoints
from storage.blobs import blobs_from
from storage.journal import journal
from storage.session import Database
from storage.settings import StorageSettings
from web import errors, health, miniapp, pages
from web.compressing import SmallLists
from web.desk import account as desk_account
from web.desk import accuracy as desk_accuracy
from web.desk import appointments as desk_appointments
from web.desk import assignments, boxes, handing, incidents, office, originals, queues, recipients, review
from web.desk import bundles as desk_bundles
from web.desk import claims as desk_claims
from web.desk import clocks as desk_clocks
from web.desk import complaints as desk_complaints
from web.desk import couriers as desk_couriers
from web.desk import decision_files as desk_decision_files
from web.desk import deferrals as desk_deferrals
from web.desk import demands as desk_demands
from web.desk import devices as desk_devices
from web.desk import differences as desk_differences
from web.desk import duplicates as desk_duplicates
from web.desk import export as desk_export
from web.desk import follow_ups as desk_follow_ups
from web.desk import provider as desk_provider
from web.desk import record as desk_record
from web.desk import rectifications as desk_rectifications
from web.desk import rules as desk_rules
from web.desk import sampling as desk_sampling
from web.desk import screen as desk_screen
from web.desk import searching as desk_searching
from web.desk import seconding as desk_seconding
from web.desk import sessions as desk_sessions
from web.desk import set_aside as desk_set_aside
from web.desk import staff as desk_staff
from web.desk import statistics as desk_statistics
from web.desk import supervision as desk_supervision
from web.desk import systems as desk_systems
from web.desk import truth as desk_truth
from web.desk import waivers as desk_waivers
from web.desk.catalogue import backtests as item_backtests
from web.desk.catalogue import drafts as item_drafts
from web.desk.catalogue import items as item_lists
from web.desk.pages import bundles as desk_bundle_pages
from web.desk.pages import care as desk_care_pages
from web.desk.pages import catalogue as desk_item_pages
from web.desk.pages import demands as desk_demand_pages
from web.desk.pages import departments as desk_department_pages
from web.desk.pages import drafts as desk_draft_pages
from web.desk.pages import entry as desk_entry
from web.desk.pages import office as desk_office_pages
from web.desk.pages import people as desk_people_pages
from web.desk.pages import queues as desk_queue_pages
from web.desk.pages import record as desk_record_pages
from web.desk.pages import review as desk_review_pages
from web.desk.pages import rules as desk_rules_pages
from web.desk.pages import seconding as desk_second_pages
from web.desk.pages import set_aside as desk_set_aside_pages
from web.desk.pages import statistics as desk_statistics_pages
from web.desk.pages import supervision as desk_supervision_pages
from web.desk.pages import truth as desk_truth_pages
from web.doors import Doors
from web.grid import page as grid_page
from web.grid import scans as grid_scans
from web.grid import sessions as grid_sessions
from web.grid import tasks as grid_tasks
from web.guessing import Guessing
from web.hooks import couriers, platform
from web.hooks.keeping import Keeper
from web.kiosk import cases as kiosk_cases
from web.kiosk import catalogue as kiosk_catalogue
from web.kiosk import devices as kiosk_devices
from web.kiosk import page as kiosk_page
from web.kiosk import receipts as kiosk_receipts
from web.kiosk import sessions as kiosk_sessions
from web.limits import AddressRate, Bounds, Rates
from web.metrics import Meters
from web.observing import Observed, configure_logs
from web.platforms import platforms
from web.provider.client import Provider
from web.provider.settings import OidcSettings
from web.resident import (
    account,
    agents,
    batches,
    busy,
    cases,
    courier,
    documents,
    entrusting,
    erasing,
    fields,
    holdings,
    items,
    messages,
    pickups,
    privacy,
    sessions,
    uploads,
)
from web.resident import appointments as resident_appointments
from web.resident import boxes as resident_boxes
from web.resident import bundles as resident_bundles
from web.resident import complaints as resident_complaints
from web.resident import known as resident_known
from web.resident import originals as resident_originals
from web.resident import pages as resident_pages
from web.resident import signing as resident_signing
from web.settings import WebSettings
from web.shapes import ErrorView
from web.speaking import Speaking
from web.unchanged import Looker, Unchanged
from web.under_way import FilesUnderWay
from web.verify import letters as verify_letters
from web.verify import page as verify_page

RESIDENT: tuple[APIRouter, ...] = (
    sessions.router,
    items.router,
    cases.router,
    resident_pages.router,
    fields.router,
    resident_signing.router,
    uploads.router,
    courier.router,
    pickups.router,
    resident_originals.router,
    resident_boxes.router,
    documents.router,
    resident_bundles.router,
    messages.router,
    entrusting.router,
    resident_appointments.router,
    resident_known.router,
    privacy.router,
    erasing.router,
    account.router,
    holdings.router,
    resident_complaints.router,
    agents.router,
    batches.router,
    busy.router,
)
DESK: tuple[APIRouter, ...] = (
    desk_sessions.router,
    desk_entry.router,
    desk_queue_pages.router,
    desk_review_pages.router,
    desk_second_pages.router,
    desk_record_pages.router,
    desk_truth_pages.router,
    desk_department_pages.router,
    desk_demand_pages.router,
    desk_office_pages.router,
    desk_rules_pages.router,
    desk_supervision_pages.router,
    desk_set_aside_pages.router,
    desk_care_pages.router,
    desk_statistics.router,
    desk_statistics_pages.router,
    desk_people_pages.router,
    desk_provider.router,
    desk_account.router,
    desk_staff.router,
    queues.router,
    desk_claims.router,
    desk_searching.router,
    review.router,
    desk_seconding.router,
    desk_duplicates.router,
    desk_differences.router,
    desk_screen.router,
    desk_waivers.router,
    desk_bundles.router,
    desk_deferrals.router,
    desk_demands.router,
    desk_decision_files.router,
    desk_export.router,
    desk_bundle_pages.router,
    desk_truth.router,
    desk_accuracy.router,
    desk_sampling.router,
    desk_record.router,
    office.router,
    desk_clocks.router,
    desk_systems.router,
    originals.router,
    incidents.router,
    recipients.router,
    assignments.router,
    desk_rules.router,
    desk_supervision.router,
    desk_set_aside.router,
    desk_rectifications.router,
    desk_complaints.router,
    desk_follow_ups.router,
    desk_couriers.router,
    boxes.router,
    handing.router,
    desk_appointments.router,
    desk_devices.router,
    desk_item_pages.router,
    desk_draft_pages.router,
    item_lists.router,
    item_drafts.router,
    item_backtests.router,
    grid_sessions.router,
    grid_tasks.router,
    grid_scans.router,
)
KIOSK: tuple[APIRouter, ...] = (
    kiosk_devices.router,
    kiosk_sessions.router,
    kiosk_catalogue.router,
    kiosk_cases.router,
    kiosk_receipts.router,
    kiosk_page.router,
)
OUTSIDE: tuple[APIRouter, ...] = (
    couriers.router,
    platform.router,
    health.router,
    pages.router,
    verify_letters.router,
    verify_page.router,
    grid_page.router,
)
STATIC = Path(__file__).parent / "static"


def create() -> FastAPI:
    """For the server: settings from the environment, logs as JSON lines."""
    configure_logs()
    crashpoints.arm(os.environ)
    return create_app(os.environ)


def create_app(env: Mapping[str, str]) -> FastAPI:
    """The whole application. Raises, naming the variable, if a setting is missing or unusable."""
    return application(make_doors(env))


def make_doors(env: Mapping[str, str]) -> Doors:
    allow_private(env.get(PRIVATE_HOSTS, ""))
    settings, storage, carriers = (
        WebSettings.from_mapping(env),
        StorageSettings.from_mapping(env),
        courier_settings(env),
    )
    database, meters, wechat = Database(storage), Meters(), WechatSettings.from_mapping(env)
    meters.watch(database)
    return Doors(
        settings=settings,
        database=database,
        blobs=blobs_from(storage),
        couriers=carriers,
        partners=partners(carriers.hurried(settings.coverage_timeout_s), journal(database)),
        platforms=platforms(embedded=settings.embedded_platform, wechat=wechat, database=database),
        wechat=wechat,
        sharing=SharingSettings.from_mapping(env) is not None,
        rates=Rates.of(settings),
        meters=meters,
        provider=_provider(env, settings),
    )


def _provider(env: Mapping[str, str], settings: WebSettings) -> Provider | None:
    said = OidcSettings.from_mapping(env)
    return None if said is None else Provider(said, settings.public_url + desk_provider.CALLBACK)


def application(d: Doors) -> FastAPI:
    app = FastAPI(
        title="zerotrip",
        version="0.1.0",
        description="政务服务“零跑动”：拍照上传、智能预审、双向寄递。",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        responses={"4XX": {"model": ErrorView, "description": "Refused, with the reason."}},
    )
    d.database.gate = lambda tx: d.pressure.check(tx, d.settings)
    app.state.doors, app.state.keeper = d, Keeper(d.database)
    app.state.looker = looker = Looker(d.database)
    errors.install(app)
    # routes are tried in this order: what comes by the hundred a second stands first
    for router in (*OUTSIDE, *KIOSK, *RESIDENT, *DESK):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    miniapp.mount(app)
    # the last one added stands outermost
    app.add_middleware(SmallLists)
    app.add_middleware(FilesUnderWay, settings=d.settings)
    app.add_middleware(Bounds, settings=d.settings)
    app.add_middleware(Unchanged, database=d.database, looker=looker, persons=d.rates.person)
    app.add_middleware(Guessing, database=d.database, guesses=d.guesses, settings=d.settings)
    app.add_middleware(AddressRate, rate=d.rates.address, couriers=d.couriers)
    app.add_middleware(Observed, meters=d.meters, secure=d.settings.cookie_secure)
    app.add_middleware(Speaking)
    if d.settings.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=d.settings.proxies)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.keeper.close()
    app.state.looker.close()
    app.state.doors.database.dispose()
