"""How a district office would write down the areas of its grid workers: 海珠区, for an embedded service and for the examples that it
is filled with (`workers.examples`). By itself, because whoever starts the processes needs nothing else of them."""

GRID_AREAS = "hz-chigang:海珠区:赤岗 新港;hz-jiangnan:海珠区:江南 昌岗;hz:海珠区"
