import { defineConfig } from "vitest/config"

export default defineConfig({
  resolve: {
    alias: {
      // The fences only mean something to a bundler.
      "server-only": new URL("./lib/testing/empty.ts", import.meta.url).pathname,
      "client-only": new URL("./lib/testing/empty.ts", import.meta.url).pathname,
    },
  },
  test: {
    include: ["{app,bin,components,lib,prisma}/**/*.test.{ts,tsx}"],
    env: { TZ: "Asia/Kathmandu" },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})
