import { spawn } from "node:child_process"
import { existsSync, mkdirSync, rmSync } from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/errors.ts"
import { SETTINGS } from "#lib/settings-table.ts"
import { buildApp } from "#server/build.ts"
import { generateClient } from "#server/generate-client.ts"
import { findCeph } from "./find-ceph.ts"
import { findChromium } from "./find-chromium.ts"
import { type Outcome, outcomeOf, readPlaywright, readVitest } from "./test-report.ts"

// npm test [-- check | unit | ceph | e2e [what Vitest or Playwright should run]]
const root = path.join(import.meta.dirname, "..")
const bin = path.join(root, "node_modules/.bin")
const results = path.join(root, "test-results")
const [asked = "all", ...filters] = process.argv.slice(2)
const say = (line: string) => console.log(`${line} …`)

/** The variables that would make a test depend on a developer's own settings. */
const isSetting = (name: string) =>
  name in SETTINGS || name === "NODE_ENV" || /^(AWS|LOCAL_S3|NEXTAUTH)_/.test(name)

const PARTS: Record<string, () => Promise<Outcome>> = {
  lint,
  types: checkTypes,
  unit: () => runVitest("unit", filters),
  ceph: runOnCeph,
  e2e: runPlaywright,
}
const CHOICES: Record<string, string[]> = {
  all: ["lint", "types", "unit", "ceph", "e2e"],
  check: ["lint", "types", "unit"],
  ...Object.fromEntries(Object.keys(PARTS).map((part) => [part, [part]])),
}

/** Style by Biome, the import law of .dependency-cruiser.mjs by dependency-cruiser. */
async function lint() {
  const style = await run("biome", ["check", "."])
  const imports = await run("depcruise", [".", "--output-type", "err-long"])
  return outcomeOf(style || imports)
}

async function checkTypes() {
  await generateClient(say)
  const typed = (await run("next", ["typegen"], { quiet: true })) === 0
  return outcomeOf(typed ? await run("tsc", ["--noEmit"]) : 1)
}

/** What the store must be able to do, once more against a second, strict one. */
async function runOnCeph() {
  if (!(await findCeph(say))) return { passed: 0, failed: 0, skipped: 1 }
  const tests = filters.length > 0 ? filters : ["lib/storage", "lib/files"]
  return runVitest("ceph", tests, { LAPSE_TEST_STORE: "ceph" })
}

async function runVitest(name: string, tests: string[], env: Record<string, string> = {}) {
  const file = path.join(results, `${name}.json`)
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`]
  const code = await run("vitest", ["run", ...reporters, ...tests], { env })
  return readVitest(file, code, root)
}

async function runPlaywright() {
  if (!existsSync(path.join(root, "e2e"))) return { passed: 0, failed: 0 }
  await generateClient(say)
  await buildApp(say)
  const file = path.join(results, "e2e.json")
  const chromium = findChromium(say)
  const env = {
    ...(chromium ? { LAPSE_TEST_CHROMIUM: chromium } : {}),
    ...((await findCeph(say)) ? { LAPSE_TEST_CEPH: "1" } : {}),
  }
  const code = await run("playwright", ["test", ...filters], { env })
  return readPlaywright(file, code)
}

function run(
  tool: string,
  args: string[],
  { env = {}, quiet = false }: { env?: Record<string, string>; quiet?: boolean } = {},
) {
  return new Promise<number>((resolve) => {
    const child = spawn(path.join(bin, tool), args, {
      cwd: root,
      stdio: ["ignore", quiet ? "ignore" : "inherit", "inherit"],
      env: { ...process.env, ...env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
    })
    child.once("error", () => resolve(1))
    child.once("exit", (code) => resolve(code ?? 1))
    process.once("SIGTERM", () => child.kill())
  })
}

async function attempt(part: string): Promise<Outcome> {
  try {
    return (await PARTS[part]?.()) ?? outcomeOf(1)
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error)
    return outcomeOf(1)
  }
}

const chosen = CHOICES[asked]
if (!chosen) {
  console.error(`There is no part "${asked}": use ${Object.keys(CHOICES).join(", ")}.`)
  process.exit(1)
}
for (const name of Object.keys(process.env)) if (isSetting(name)) delete process.env[name]
process.env.NEXT_TELEMETRY_DISABLED = "1"
rmSync(results, { recursive: true, force: true })
mkdirSync(results)

const total = { passed: 0, failed: 0, skipped: 0 }
const summary: string[] = []
for (const part of chosen) {
  const startedAt = Date.now()
  console.log(`\n── ${part}`)
  const { passed, failed, skipped = 0, failures = [] } = await attempt(part)
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  summary.push(`${part}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`)
  summary.push(...failures.map((failure) => `  ✗ ${failure}`))
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}
console.log(`\n${summary.join("\n")}\n`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 ? 1 : 0)
