import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

const alone = ["server/**/*.test.ts", "testing/**/*.test.ts", "packages/**/*.test.ts"]

export default defineConfig({
  resolve: {
    alias: {
      // The fences only mean something to a bundler.
      "server-only": new URL("./testing/empty.ts", import.meta.url).pathname,
      "client-only": new URL("./testing/empty.ts", import.meta.url).pathname,
    },
  },
  test: {
    env: { TZ: "Asia/Kathmandu" },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Vitest's default leaves one processor free, but half of the time tests wait.
    maxWorkers: availableParallelism(),
    projects: [
      {
        extends: true,
        test: {
          name: "app",
          include: ["{app,components,lib,prisma,visitor}/**/*.test.{ts,tsx}"],
          exclude: alone,
          globalSetup: ["testing/start-servers.ts"],
          setupFiles: ["testing/use-database.ts"],
        },
      },
      // They need nothing of the app, so they start nothing of it.
      { extends: true, test: { name: "alone", include: alone } },
    ],
  },
})
