import { defineConfig } from "vitest/config"

const alone = ["bin/**/*.test.ts", "lib/browser/**/*.test.ts", "lib/local-s3/**/*.test.ts"]

export default defineConfig({
  resolve: {
    alias: {
      // The fences only mean something to a bundler.
      "server-only": new URL("./lib/testing/empty.ts", import.meta.url).pathname,
      "client-only": new URL("./lib/testing/empty.ts", import.meta.url).pathname,
    },
  },
  test: {
    env: { TZ: "Asia/Kathmandu" },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "app",
          include: ["{app,bin,components,lib,prisma}/**/*.test.{ts,tsx}"],
          exclude: alone,
          globalSetup: ["lib/testing/database.ts"],
          setupFiles: ["lib/testing/use-database.ts"],
        },
      },
      // They know nothing of the app, so they start nothing of it.
      { extends: true, test: { name: "alone", include: alone } },
    ],
  },
})
