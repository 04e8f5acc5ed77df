import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { poolSizes } from "#lib/adapters/database.ts"

/** The pool and the heartbeat of the jobs, see lib/rooms/jobs/start-jobs.ts. */
const JOBS = 8
/** PostgreSQL's default, minus the connections reserved for superusers. */
const MOST = 97

describe("the pools of main process and web processes", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("leave room in the database with %i, as docs say", (count) => {
    const { main, long } = poolSizes(count)
    const each = main + long
    const sum = each + count * each + JOBS

    expect(sum).toBeLessThan(MOST - 5) // for commands and a backup
    expect(main).toBeGreaterThan(3) // the jobs of the main process run three at once
    const docs = readFileSync(
      path.join(import.meta.dirname, "../../docs/operations/database.md"),
      "utf8",
    )
    expect(docs).toMatch(new RegExp(`^\\| ${count} \\|.* \\+ 7 \\+ 1 \\| ${sum} \\|$`, "m"))
  })
})
