import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { readConfiguration } from "#lib/adapters/configuration.ts"
import { readStartOptions } from "./start-options.ts"

const PLAIN = { dev: false, acceptsCopy: false, sample: false, web: undefined }

/**
 * Runs `npm start`; returns its output and exit code. All these starts end before they create
 * anything.
 */
function start(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--import",
      path.join(import.meta.dirname, "../server-only.mjs"),
      path.join(import.meta.dirname, "../start.ts"),
      "--no-env-file",
      ...args,
    ],
    { env: { NODE_ENV: "production", PATH: process.env.PATH, ...env }, encoding: "utf8" },
  )
  return { status, said: `${stdout}${stderr}`.trim() }
}

const refusalOf = (count: string) =>
  `WEB_PROCESSES is "${count}": set it, or --web, to a number of processes from 1 to 8.`

/** An empty directory, which is removed at the end of the test. */
function aDirectory() {
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-start-"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

describe("npm start", () => {
  it("takes its options", () => {
    expect(readStartOptions([])).toEqual(PLAIN)
    expect(readStartOptions(["--web", "2", "--no-env-file"])).toEqual({ ...PLAIN, web: "2" })
    expect(readStartOptions(["--web=3"])).toEqual({ ...PLAIN, web: "3" })
    expect(readStartOptions(["--sample"])).toEqual({ ...PLAIN, sample: true })
    expect(readStartOptions(["--dev", "--accept-copy"])).toEqual({
      ...PLAIN,
      dev: true,
      acceptsCopy: true,
    })
  })

  it.each([[["--web"]], [["--web="]], [["--web", "--accept-copy"]]])(
    "asks for the number where %j has none",
    (args) => {
      expect(() => readStartOptions(args)).toThrow("--web needs a value.")
    },
  )

  it("refuses unknown options and arguments", () => {
    expect(() => readStartOptions(["--force"])).toThrow(
      "lapse start has no option --force. It takes --web, --sample and --accept-copy.",
    )
    expect(() => readStartOptions(["2"])).toThrow("lapse start takes options alone, and 2 is none.")
  })

  it.each(["0", "-1", "9", "1.5", "two", "2x", "Infinity"])(
    "refuses to run %s processes",
    (count) => {
      expect(() => readConfiguration({ WEB_PROCESSES: count })).toThrow(refusalOf(count))
    },
  )

  it("ends with the sentence of the refusal", () => {
    const data = aDirectory()
    const ended = start(["--web=0"], { LAPSE_DATA_DIR: path.join(data, "data") })
    expect(ended).toEqual({ status: 1, said: refusalOf("0") })
  })

  it("runs one process for development, and says so", () => {
    const data = aDirectory()
    const env = { LAPSE_DATA_DIR: path.join(data, "data"), WEB_PROCESSES: "2" }
    const said =
      "npm run dev runs one web process, and 2 are asked for: leave --web away, and WEB_PROCESSES unset."
    expect(start(["--dev"], env)).toEqual({ status: 1, said })
    expect(start(["--dev", "--web", "2"], { ...env, WEB_PROCESSES: "" })).toEqual({
      status: 1,
      said,
    })
  })
})
