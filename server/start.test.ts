import { execFile } from "node:child_process"
import path from "node:path"
import { promisify } from "node:util"
import { expect, it } from "vitest"

const root = path.join(import.meta.dirname, "..")

/** A preload after which the generated Prisma client does not exist, as in a fresh clone. */
const WITHOUT_CLIENT = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module"
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context)
      if (resolved.url.includes("/prisma/generated/"))
        throw new Error("imported before it is generated, from " + context.parentURL)
      return resolved
    },
  })`)}`

it("starts before its database client is generated", async () => {
  // An argument that is refused once all imports of the start are loaded.
  const started = start("--no-such-option")
  await expect(started).rejects.toMatchObject({
    stderr: expect.stringMatching(/^lapse start has no option --no-such-option/),
  })
})

const start = (argument: string) =>
  promisify(execFile)(
    process.execPath,
    [
      ...["--import", path.join(root, "server/server-only.mjs"), "--import", WITHOUT_CLIENT],
      ...[path.join(root, "server/start.ts"), argument],
    ],
    { cwd: root },
  )
