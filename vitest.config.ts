import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

// They need a Ceph, and run with it alone.
const ofCeph = process.env.LAPSE_TEST_STORE === "ceph" ? [] : ["**/*.ceph.test.ts"]
const alone = ["server/**/*.test.ts", "testing/**/*.test.ts", "packages/**/*.test.ts"]

export default defineConfig({
  resolve: {
    alias: {
      // These packages are fences for a bundler; outside of one `server-only` throws.
      "server-only": new URL("./testing/empty.ts", import.meta.url).pathname,
      "client-only": new URL("./testing/empty.ts", import.meta.url).pathname,
    },
  },
  test: {
    env: { TZ: "Asia/Kathmandu" },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Vitest's default leaves one processor free, but these tests wait half of the time.
    maxWorkers: availableParallelism(),
    projects: [
      {
        extends: true,
        test: {
          name: "app",
          include: ["{app,components,lib,prisma,visitor}/**/*.test.{ts,tsx}"],
          exclude: [...alone, ...ofCeph],
          globalSetup: ["testing/start-servers.ts"],
          setupFiles: ["testing/use-database.ts"],
        },
      },
      // They need nothing of the app, so they start nothing of it.
      { extends: true, test: { name: "alone", include: alone, exclude: ofCeph } },
    ],
  },
})
