// Draws every element with data-chart: its value is an ECharts option as JSON, made by the server from its own figures.
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { DatasetComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, HeatmapChart, LineChart, DatasetComponent, GridComponent, LegendComponent, TooltipComponent]);
use([VisualMapComponent, SVGRenderer]);

function draw(root) {
  for (const place of root.querySelectorAll("[data-chart]")) {
    const option = JSON.parse(place.dataset.chart);
    const rows = option.yAxis?.data?.length;
    if (rows) place.style.height = `${rows * 34 + 16}px`;
    const chart = init(place, null, { renderer: "svg" });
    chart.setOption(option);
    new ResizeObserver(() => chart.resize()).observe(place);
    chart.on("click", ({ data }) => {
      if (data?.href) location.href = data.href;
    });
  }
}

draw(document);
document.addEventListener("htmx:afterSwap", (event) => draw(event.target));
