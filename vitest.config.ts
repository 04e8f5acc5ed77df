import { availableParallelism } from "node:os"
import { configDefaults, defineConfig } from "vitest/config"

// React renders as it is shipped, and several times faster than its development build.
Object.assign(process.env, { NODE_ENV: "production" })

// These tests need a Ceph or a Swift, and run only with it.
const ofStores = ["ceph", "swift"]
  .filter((store) => process.env.LAPSE_TEST_STORE !== store)
  .map((store) => `**/*.${store}.test.ts`)
// These tests replace modules for their whole process.
const isolated = ["lib/adapters/watch/process-clock.test.ts"]
const ofSample = ["server/sample/**/*.test.ts"]
const ofServers = ["server/**/*.test.ts", "testing/**/*.test.ts"]
const ofPackages = ["packages/**/*.test.ts", "cli/**/*.test.ts"]

const workers = (perProcessor: number) =>
  Number(process.env.LAPSE_TEST_WORKERS) || perProcessor * availableParallelism()
/** Tests of processes and networks, which wait longer than the others, and run after them. */
const waiting = { maxWorkers: workers(3), sequence: { groupOrder: 1 } }

const withServers = {
  globalSetup: ["testing/run/start-servers.ts"],
  setupFiles: ["testing/database/use-database.ts", "testing/run/refusal-matcher.ts"],
}

export default defineConfig({
  resolve: {
    alias: {
      // These packages only matter to a bundler; outside of one, `server-only` throws.
      "server-only": new URL("#testing/database/empty.ts", import.meta.url).pathname,
      "client-only": new URL("#testing/database/empty.ts", import.meta.url).pathname,
    },
  },
  test: {
    env: { TZ: "Asia/Kathmandu" },
    // Every test has the schema, which none imports.
    forceRerunTriggers: [...configDefaults.forceRerunTriggers, "**/prisma/migrations/**"],
    // With HEAVY=1, a race has ten times the rounds.
    testTimeout: process.env.HEAVY ? 600_000 : 60_000,
    hookTimeout: 120_000,
    // A loaded machine may take long for anything, so a poll ends shortly before its test does.
    expect: { poll: { timeout: 55_000 } },
    // More workers than processors, because these tests wait half of the time.
    maxWorkers: workers(2),
    projects: [
      {
        extends: true,
        test: {
          name: "app",
          ...withServers,
          include: ["{app,components,lib,prisma,visitor}/**/*.test.{ts,tsx}", ...ofSample],
          exclude: [...isolated, ...ofStores],
          // A process for each file would load the app 200 times; use-database.ts cleans up
          // instead.
          isolate: false,
        },
      },
      { extends: true, test: { name: "isolated", ...withServers, include: isolated } },
      {
        extends: true,
        test: {
          name: "packages",
          include: ofPackages,
          exclude: ofStores,
          isolate: false,
          ...waiting,
        },
      },
      {
        extends: true,
        test: {
          name: "servers",
          include: ofServers,
          exclude: [...ofStores, ...ofSample],
          ...waiting,
        },
      },
    ],
  },
})
