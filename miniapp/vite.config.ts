import uniPlugin from "@dcloudio/vite-plugin-uni";
import { defineConfig } from "vite";

// the plugin is CommonJS: under ES modules its factory hangs one level lower
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin;

export default defineConfig({
  plugins: [uni()],
  build: { target: "es2018", sourcemap: false },
});
