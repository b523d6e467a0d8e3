// Unit tests look at plain modules: the framework's plugin, which builds pages, has no part in them.
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["src/**/*.test.ts"], environment: "node" } });
