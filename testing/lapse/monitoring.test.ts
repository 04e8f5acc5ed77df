import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { findPromtool } from "#testing/programs/find-promtool.ts"

const docs = path.join(import.meta.dirname, "../../docs")
const { promtool = "", reason } = findPromtool()
const run = (...args: string[]) => execFileSync(promtool, args, { encoding: "utf8" })

type Panel = { title: string; targets?: { expr: string }[] }

/** An empty directory, which is removed at the end of the test. */
function aDirectory() {
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-queries-"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

it("has a line in monitoring.md for each alert, which says what to do", () => {
  const alerts = readFileSync(path.join(docs, "prometheus/alerts.yml"), "utf8").matchAll(
    /- alert: (\w+)/g,
  )
  const monitoring = readFileSync(path.join(docs, "operations/monitoring.md"), "utf8")
  const rows = monitoring.split("\n").filter((line) => line.startsWith("| `Lapse"))
  const explained = rows.flatMap((row) => row.split("|")[1]?.match(/Lapse\w+/g) ?? [])
  expect(explained.toSorted()).toEqual([...alerts].map(([, name]) => name).toSorted())
})

describe.skipIf(reason)(`promtool${reason ? ` (skipped: ${reason})` : ""}`, () => {
  it("finds the alert rules correct, and each of them tested", () => {
    const rules = path.join(docs, "prometheus/alerts.yml")
    const tests = path.join(docs, "prometheus/alerts.test.yml")
    const [, count] = /SUCCESS: (\d+) rules found/.exec(run("check", "rules", rules)) ?? []
    expect(run("test", "rules", tests)).toContain("SUCCESS")

    const names = [...readFileSync(rules, "utf8").matchAll(/- alert: (\w+)/g)].map(
      ([, name]) => name,
    )
    const fired = [...readFileSync(tests, "utf8").matchAll(/alertname: (\w+)\n\s+exp_alerts:\n/g)]
    expect(names).toHaveLength(Number(count))
    expect(new Set(fired.map(([, name]) => name))).toEqual(new Set(names))
  })

  it("can read every query of the dashboard", () => {
    const directory = aDirectory()
    const file = path.join(directory, "queries.yml")
    const dashboard: { panels: Panel[] } = JSON.parse(
      readFileSync(path.join(docs, "grafana/lapse.json"), "utf8"),
    )
    const rules = dashboard.panels
      .flatMap(({ targets = [] }) => targets)
      .map(({ expr }, n) => ({
        record: `query:${n}`,
        expr: expr.replaceAll("$__rate_interval", "1m").replaceAll("$instance", ".*"),
      }))
    writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }))

    expect(rules.length).toBeGreaterThan(20)
    expect(run("check", "rules", file)).toContain(`SUCCESS: ${rules.length} rules found`)
  })
})
