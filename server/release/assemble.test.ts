import { execFileSync } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { RELEASE_FILE } from "#server/build/release.ts"
import { stripTypes } from "./assemble.ts"

const hook = path.join(import.meta.dirname, "../server-only.mjs")

it("a release runs its modules as JavaScript, with the lines and columns of the sources", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-stripped-"))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  fs.mkdirSync(path.join(folder, "server"))
  fs.copyFileSync(hook, path.join(folder, "server/server-only.mjs"))
  fs.writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }')
  fs.writeFileSync(path.join(folder, RELEASE_FILE), "{}")
  fs.writeFileSync(path.join(folder, "server/a.ts"), 'export const a: string = "a"\n')
  fs.writeFileSync(
    path.join(folder, "server/b.ts"),
    'import "server-only"\nimport { a } from "./a.ts"\nconst b: Error = new Error(a)\nconsole.log(b.stack)\n',
  )
  const run = () =>
    execFileSync(process.execPath, ["--import", "./server/server-only.mjs", "server/b.ts"], {
      cwd: folder,
      encoding: "utf8",
      stdio: "pipe",
    })

  expect(run).toThrow("SyntaxError")
  stripTypes(folder)
  expect(run()).toMatch(/^Error: a\n.*server\/b\.ts:3:18/)
})
