import { execFile } from "node:child_process"
import fs from "node:fs"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { VERSION } from "#lib/adapters/version.ts"
import { keepSecret, takeDataDirectory } from "#server/configuration/data-directory.ts"
import { startPostgres } from "#server/embedded/postgres.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { copyTree } from "./assemble.ts"
import { ARCHITECTURES, BUNDLED } from "./contents.ts"
import { listCode } from "./list-code.ts"

const root = path.join(import.meta.dirname, "../..")
const architecture = ARCHITECTURES.find((name) => name === process.arch)

describe("the code of a release", () => {
  it("is what its programs import, without tests, tools of developers and packages of bundles", async () => {
    const { files, packages } = await listCode()

    expect(files).toEqual(
      expect.arrayContaining([
        "cli/main.ts",
        "lib/rooms/jobs/start-jobs.ts",
        "prisma/generated/client.ts",
        "server/commands/restore-command.ts",
      ]),
    )
    expect(files.filter((name) => /[.]test[.]|[.]tsx$|^(e2e|testing|bench)\//.test(name))).toEqual(
      [],
    )
    expect(files).not.toContain("server/new-migration.ts")
    const checkedByBundlers = ["client-only", "server-only"] // server-only.mjs resolves them
    const bundled = BUNDLED.filter((name) => !checkedByBundlers.includes(name))
    expect(bundled.filter((name) => packages.has(name))).toEqual([])
  })
})

describe.skipIf(process.platform !== "linux" || !architecture)("a release", () => {
  const place = makeFastDirectory()
  const folder = path.join(place.path, "lapse")
  const dataDirectory = path.join(place.path, "data")
  const stops: (() => unknown)[] = []

  /** Runs a command of the release as its user does, on the Node that it holds. */
  const lapse = (...args: string[]) =>
    new Promise<{ code: unknown; said: string }>((resolve) =>
      execFile(
        path.join(folder, "bin/lapse"),
        args,
        {
          cwd: "/",
          env: { NODE_ENV: "production", PATH: "/usr/bin:/bin", LAPSE_DATA_DIR: dataDirectory },
        },
        (error, stdout, stderr) => resolve({ code: error?.code ?? 0, said: stdout + stderr }),
      ),
    )

  beforeAll(async () => {
    if (!architecture) return
    await copyTree({
      folder,
      architecture,
      withNode: true,
      lock: JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8")),
      modules: root,
      release: { commit: "c0ffee", build: "not-built" },
      code: [],
    })
    stops.push(takeDataDirectory(dataDirectory).release)
    keepSecret(dataDirectory, "auth-secret")
    const directory = path.join(dataDirectory, "postgres")
    await copyTemplateCluster(directory)
    stops.push((await startPostgres({ directory, durable: false })).stop)
  })
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop()
    place.remove()
  })

  it("says which it is, and what its commands and those for members are", async () => {
    expect(await lapse("--version")).toEqual({ code: 0, said: `lapse ${VERSION} (c0ffee)\n` })
    expect(await lapse("--help")).toMatchObject({ code: 0, said: expect.stringMatching(/restore/) })
    const share = { code: 0, said: expect.stringMatching(/^lapse share /m) }
    expect(await lapse("share", "--help")).toMatchObject(share)
  })

  it("backs up, tries the backup out, and examines the installation", {
    timeout: 180_000,
  }, async () => {
    const backup = path.join(place.path, "backup")
    expect(await lapse("backup", backup)).toMatchObject({ code: 0 })
    expect(await lapse("restore", backup, "--try")).toMatchObject({ code: 0 })
    const { said } = await lapse("doctor")
    expect(said).toMatch(/^ok +Database: PostgreSQL/m)
  })
})
