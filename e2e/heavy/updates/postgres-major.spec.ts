import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import pg from "pg"
import { checksumsOf } from "#testing/database/checksums.ts"
import {
  checksumsIn,
  moveDatabase,
  startEarlierDatabase,
} from "#testing/database/earlier-database.ts"
import { expect } from "../../fixtures.ts"
import { signInClient } from "../../member-client.ts"
import { test } from "./starting.ts"

const EVENTS = 200_000

test("an embedded database of the PostgreSQL before is refused in words, and moved with all that is in it", async ({
  start,
}) => {
  test.setTimeout(600_000)
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-e2e-"))
  fs.chmodSync(data, 0o755) // as root, PostgreSQL runs as another user
  const settings = {
    LAPSE_DATA_DIR: data,
    AUTH_SECRET: "an auth secret of a moved database that only tests use",
    LINK_SECRET: "a-link-secret-of-a-moved-database-that-only-tests-use",
    ADMIN_EMAIL: "",
    ADMIN_PASSWORD: "",
  }
  const { url, stop } = await startEarlierDatabase(data)
  const before = await start({ ...settings, DATABASE_URL: url })
  await before.stop()
  await before.start(["--sample"])
  const signIns = before.lines().flatMap((line) => line.match(/^ {2}(\S+@\S+) {3}(\S+)$/) ?? [])
  const [, , , , email = "", password = ""] = signIns
  await before.stop()
  await addEvents(url)
  const sums = await checksumsOf(url)
  await stop()
  await expect(start(settings)).rejects.toThrow(
    /cluster was written by PostgreSQL 17, and this Lapse brings 18, which cannot read it: start the version of Lapse that wrote it/,
  )

  const said = await moveDatabase(data)

  expect(said.join("\n")).toContain("Moving the database to PostgreSQL 18")
  expect(await checksumsIn(data)).toEqual(sums)
  const own = await start(settings)
  const member = await signInClient(own.url, { email, password })
  const { items } = await (await member.get("/shares?limit=50")).json()
  expect(items.length).toBeGreaterThan(5)
  await member.share("after the move.pdf")
  expect(await own.lapse(["audit", "verify"])).toMatchObject({ code: 0 })
  await member.context.dispose()
})

/** Adds copies of the events of the sample, at other times. */
async function addEvents(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    `INSERT INTO event
     SELECT copied.* FROM event, generate_series(1, 1 + ${EVENTS} / (SELECT count(*) FROM event)) AS n,
       LATERAL jsonb_populate_record(event, jsonb_build_object(
         'id', gen_random_uuid(), 'at', event.at - n * interval '7 seconds')) AS copied`,
  )
  await client.end()
}
