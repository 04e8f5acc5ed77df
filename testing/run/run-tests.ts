import { mkdirSync, rmSync } from "node:fs"
import path from "node:path"
import { SETTINGS } from "#lib/adapters/configuration/table.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { buildApp } from "#server/build/build.ts"
import { generateClient } from "#server/build/generate-client.ts"
import { stopSharedCeph } from "#testing/ceph/shared-ceph.ts"
import { directOutput, heldOutput, type Output, root } from "./run-tool.ts"
import { runChanged, runOnCeph, runOnPooler, runOnSwift, runUnit } from "./run-vitest.ts"
import { type Outcome, outcomeOf } from "./test-report.ts"

// npm test [-- check | lint | types | unit | changed | build | ceph | swift | pooler | e2e [files or
// options for Vitest or Playwright]]
const results = path.join(root, "test-results")
const [asked = "all", ...filters] = process.argv.slice(2)

/** Whether a variable would make a test depend on a developer's own settings. */
const isSetting = (name: string) =>
  name in SETTINGS || name === "NODE_ENV" || /^(AWS|LOCAL_S3|NEXTAUTH)_/.test(name)

const PARTS: Record<string, (output: Output) => Promise<Outcome>> = {
  lint,
  types: checkTypes,
  unit: (output) => runUnit(output, path.join(results, "unit.json"), filters),
  app: (output) => runUnit(output, path.join(results, "app.json"), ["--project=!packages"]),
  packages: (output) =>
    runUnit(output, path.join(results, "packages.json"), ["--project=packages"]),
  changed: (output) => runChanged(output, results),
  ceph: (output) => runOnCeph(output, results, filters),
  swift: (output) => runOnSwift(output, results, filters),
  pooler: (output) => runOnPooler(output, results, filters),
  build,
  e2e: runStories,
}

/**
 * Checks the style by Biome, and the import law of .dependency-cruiser.mjs by dependency-cruiser.
 */
async function lint({ runTool }: Output) {
  const style = await runTool("biome", ["check", "."])
  const imports = await runTool("depcruise", [".", "--output-type", "err-long"])
  return outcomeOf(style || imports)
}

/**
 * Parts of one list run side by side; the last of them writes to the terminal while it runs. Tests
 * of packages and on other servers wait half of the time, so the app is built meanwhile.
 */
const CHOICES: Record<string, string[][]> = {
  all: [
    ["lint", "types", "app"],
    ["build", ...(process.env.HEAVY ? ["pooler", "swift", "ceph"] : []), "packages"],
    ["e2e"],
  ],
  check: [["lint", "types", "changed"]],
  ...Object.fromEntries(Object.keys(PARTS).map((part) => [part, [[part]]])),
}

async function checkTypes({ say, runTool }: Output) {
  await generateClient(say)
  const typed = (await runTool("next", ["typegen"], { quiet: true })) === 0
  // By its path: the TypeScript of a tool, which is another version, also has a `tsc`. On one
  // thread, because each of several checks most types again, which doubles the work.
  const options = ["--noEmit", "--singleThreaded"]
  return outcomeOf(typed ? await runTool("../typescript/bin/tsc", options) : 1)
}

async function build({ say }: Output) {
  await generateClient(say)
  await buildApp(say)
  return outcomeOf(0)
}

async function runStories(output: Output) {
  // Imported here, because Playwright takes a third of a second to load.
  const { runPlaywright } = await import("./run-playwright.ts")
  return runPlaywright(output, results, filters)
}

type Result = { part: string; seconds: number } & Outcome

async function runPart(part: string, output: Output): Promise<Result> {
  const startedAt = Date.now()
  const outcome = await outcomeOfPart(part, output)
  return { part, seconds: secondsSince(startedAt), ...outcome }
}

const secondsSince = (time: number) => Math.round((Date.now() - time) / 1000)

async function outcomeOfPart(part: string, output: Output): Promise<Outcome> {
  try {
    return (await PARTS[part]?.(output)) ?? outcomeOf(1)
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error)
    return outcomeOf(1)
  }
}

async function runSideBySide(parts: string[]): Promise<Result[]> {
  const held = parts.slice(0, -1).map((part) => ({ part, output: heldOutput() }))
  const last = parts.at(-1) ?? ""
  const pending = held.map(({ part, output }) => runPart(part, output))
  console.log(`\n── ${last}`)
  const result = await runPart(last, directOutput())
  const others = await Promise.all(pending)
  for (const { part, output } of held) {
    console.log(`\n── ${part}`)
    output.print()
  }
  return [...others, result]
}

const chosen = CHOICES[asked]
if (!chosen) {
  console.error(`There is no part "${asked}": use ${Object.keys(CHOICES).join(", ")}.`)
  process.exit(1)
}
for (const name of Object.keys(process.env)) if (isSetting(name)) delete process.env[name]
process.env.NEXT_TELEMETRY_DISABLED = "1"
// Tests start hundreds of processes from the same sources.
process.env.NODE_COMPILE_CACHE ??= path.join(root, "node_modules/.cache/node")
rmSync(results, { recursive: true, force: true })
mkdirSync(results)

const startedAt = Date.now()
const total = { passed: 0, failed: 0 }
const summary: string[] = []
const times: string[] = []
for (const parts of chosen) {
  for (const result of await runSideBySide(parts)) {
    const { part, passed, failed, skipped = 0, failures = [], flaky = [], seconds } = result
    summary.push(`${part}: ${passed} passed, ${failed} failed, ${skipped} skipped`)
    summary.push(...failures.map((failure) => `  ✗ ${failure}`))
    summary.push(...flaky.map((story) => `  ! passed only at its second try: ${story}`))
    times.push(`${part} ${seconds} s`)
    total.passed += passed
    total.failed += failed
  }
}
await stopSharedCeph()
console.log(`\n${summary.join("\n")}\n`)
console.log(`${times.join(", ")}; ${secondsSince(startedAt)} s in all`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 ? 1 : 0)
