// What the desk's pages take from npm, each as one small file that needs no loader: htmx as its makers built it, and of
// ECharts only the charts that are drawn.
import { copyFileSync, mkdirSync } from "node:fs";
import { build } from "esbuild";

const OUT = "../static/vendor";
mkdirSync(OUT, { recursive: true });
copyFileSync("node_modules/htmx.org/dist/htmx.min.js", `${OUT}/htmx.js`);
await build({
  entryPoints: ["charts.js"],
  outfile: `${OUT}/charts.js`,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "eof",
});
