import uniPlugin from "@dcloudio/vite-plugin-uni";
import { defineConfig, type Plugin } from "vite";

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

export default defineConfig({
  plugins: [uni(), nothingFromElsewhere],
  build: { target: "es2018", sourcemap: false },
});
