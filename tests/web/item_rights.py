"""Who may call the item manager's doors and pages: part of the table of `test_permissions`."""

from storage.words import Role

READ = {Role.SUPERVISOR, Role.ITEM_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR}
EDIT = {Role.ITEM_MANAGER}
APPROVE = {Role.SUPERVISOR, Role.ITEM_MANAGER, Role.ADMINISTRATOR}
API, PAGES = "/desk/api/catalogue", "/desk/catalogue"
ITEMS: dict[str, set[Role]] = {
    **{
        f"GET {API}{path}": READ
        for path in (
            "/items", "/retained-proofs", "/items/{code}", "/items/{code}/diff", "/items/{code}/yaml",
            "/items/{code}/exchange", "/drafts", "/drafts/{draft}", "/drafts/{draft}/yaml", "/drafts/{draft}/guide",
            "/drafts/{draft}/diff", "/backtests/{backtest}",
        )
    },
    **{
        f"GET {PAGES}{path}": READ
        for path in (
            "", "/items/{code}", "/items/{code}/diff", "/drafts/{draft}", "/drafts/{draft}/lint", "/drafts/{draft}/yaml",
            "/drafts/{draft}/preview", "/drafts/{draft}/diff", "/drafts/{draft}/backtest",
            "/drafts/backtests/{backtest}", "/drafts/{draft}/decision",
        )
    },
    **{
        f"POST {API}/drafts{path}": EDIT
        for path in (
            "", "/import", "/{draft}/edit", "/{draft}/yaml", "/{draft}/propose", "/{draft}/take-back", "/{draft}/publish",
            "/{draft}/withdraw", "/{draft}/abandon", "/{draft}/backtests",
        )
    },
    **{
        f"POST {PAGES}{path}": EDIT
        for path in (
            "/drafts", "/import", "/drafts/{draft}/field", "/drafts/{draft}/line", "/drafts/{draft}/yaml",
            "/drafts/{draft}/backtest", "/drafts/{draft}/propose", "/drafts/{draft}/publish", "/drafts/{draft}/leave/{how}",
        )
    },
    f"POST {API}/drafts/{{draft}}/decision": APPROVE,
    f"POST {PAGES}/drafts/{{draft}}/decision": APPROVE,
    f"GET {API}/backtests/{{backtest}}/cases/{{no}}/pages/{{page}}/picture": EDIT,
}  # fmt: skip
