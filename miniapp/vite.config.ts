import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import uniPlugin from "@dcloudio/vite-plugin-uni";
import { defineConfig, type HtmlTagDescriptor, type Plugin } from "vite";

// the plugin is CommonJS: under ES modules its factory hangs one level lower
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin;

/** The framework's styles fetch shadows from its maker's servers; here nothing comes from elsewhere. */
const nothingFromElsewhere: Plugin = {
  name: "nothing-from-elsewhere",
  enforce: "post",
  generateBundle: {
    order: "post",
    handler(_, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === "asset" && file.fileName.endsWith(".css"))
          file.source = file.source.toString().replace(/url\(["']?https?:[^)]*\)/g, "none");
    },
  },
};

const FIRST_PAGE = /pages[-/]find[-/]index/;

/** What it asks the service for on somebody's first visit, letter for letter. */
const FIRST_CALLS = ["/api/v1/items?q=&region=&lang=zh", "/api/v1/regions?lang=zh", "/api/v1/life-events?region=&lang=zh"];

/** On a slow line every fetch that waits for another one costs half a second: what the first page needs is named in the
 * page itself, so that all of it comes at once. */
const firstPageAtOnce: Plugin = {
  name: "first-page-at-once",
  transformIndexHtml: {
    order: "post",
    handler(_, { bundle }) {
      const page = Object.values(bundle ?? {}).find((f) => f.type === "chunk" && FIRST_PAGE.test(f.fileName));
      if (page?.type !== "chunk") return [];
      const own = [page.fileName, ...page.imports].filter((file) => !bundle![file] || !isEntry(bundle![file]));
      const styles = new Set(own.flatMap((file) => [...(styleOf(bundle![file]) ?? [])]));
      return [
        ...own.map((file) => link("modulepreload", file)),
        ...[...styles].map((file) => link("stylesheet", file)),
        ...FIRST_CALLS.map((href) => ({ tag: "link", attrs: { rel: "preload", as: "fetch", crossorigin: true, href } })),
      ];
    },
  },
};

type Built = { type: string; isEntry?: boolean; viteMetadata?: { importedCss: Set<string> } };

function isEntry(file: Built): boolean {
  return file.type === "chunk" && Boolean(file.isEntry);
}

function styleOf(file: Built): Set<string> | undefined {
  return file.viteMetadata?.importedCss;
}

function link(rel: string, file: string): HtmlTagDescriptor {
  return { tag: "link", attrs: { rel, crossorigin: true, href: `./${file}` }, injectTo: "head" };
}

/** Beside each script and style, the same made small: the service sends those as they are. */
const madeSmall: Plugin = {
  name: "made-small",
  enforce: "post",
  writeBundle({ dir }) {
    const assets = join(dir ?? "", "assets");
    if (process.env.UNI_PLATFORM !== "h5" || !existsSync(assets)) return;
    for (const file of readdirSync(assets).filter((name) => /\.(js|css)$/.test(name))) {
      const whole = readFileSync(join(assets, file));
      writeFileSync(join(assets, `${file}.br`), brotliCompressSync(whole));
      writeFileSync(join(assets, `${file}.gz`), gzipSync(whole, { level: 9 }));
    }
  },
};

export default defineConfig({
  plugins: [uni(), nothingFromElsewhere, firstPageAtOnce, madeSmall],
  build: { target: "es2018", sourcemap: false },
});
