import fs from "node:fs"
import path from "node:path"
import pg from "pg"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type EmbeddedPostgres, startPostgres } from "#server/embedded/postgres.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { copyTemplateCluster } from "./template-cluster.ts"

let directory: ReturnType<typeof makeFastDirectory>
const running: EmbeddedPostgres[] = []
beforeEach(() => {
  directory = makeFastDirectory()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()))
  directory.remove()
})

async function copyAndStart(name: string) {
  const copy = path.join(directory.path, name)
  await copyTemplateCluster(copy, path.join(directory.path, "cache"))
  const postgres = await startPostgres({ directory: copy, durable: false })
  running.push(postgres)
  return postgres
}

async function countMembers({ url }: EmbeddedPostgres) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query("SELECT count(*)::int AS count FROM member")).rows
  } finally {
    await client.end()
  }
}

describe("the template of the test database", () => {
  it("is made once, also after a killed run left half of it, and gives every run a separate copy", async () => {
    const cache = path.join(directory.path, "cache")
    fs.mkdirSync(path.join(cache, "0123.partial/cluster"), { recursive: true })

    const both = await Promise.all([copyAndStart("one"), copyAndStart("two")])

    for (const postgres of both) expect(await countMembers(postgres)).toEqual([{ count: 0 }])
    const kept = fs.readdirSync(cache).filter((name) => !name.startsWith("lock"))
    expect(kept).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)])
    const madeAt = fs.statSync(path.join(cache, kept[0] ?? "")).ctimeMs
    await copyAndStart("three")
    expect(fs.statSync(path.join(cache, kept[0] ?? "")).ctimeMs).toBe(madeAt)
  })
})
