import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import path from "node:path"
import pg from "pg"
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest"
import { disconnect } from "#lib/db.ts"
import { installQueue } from "#lib/jobs/install-queue.ts"
import { settings } from "#lib/settings.ts"
import { migrate } from "#prisma/migrate.ts"
import { requireAppendOnly } from "./append-only.ts"
import { recordAudit } from "./record-audit.ts"
import { sealEntries } from "./seal-entries.ts"
import { verifyChain } from "./verify-chain.ts"

const suffix = randomBytes(6).toString("hex")
const [database, role, owner] = [`only_${suffix}`, `app_${suffix}`, `keeper_${suffix}`]

async function run(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
const asRole = () => {
  const url = new URL(inject("postgres"))
  url.pathname = `/${database}`
  url.username = role
  url.password = "secret"
  return url.href
}
const asSuperuser = () => {
  const url = new URL(inject("postgres"))
  url.pathname = `/${database}`
  return url.href
}

/** The statements of docs/operations.md that the operator runs. */
function recipe() {
  const text = readFileSync(path.join(import.meta.dirname, "../../docs/operations.md"), "utf8")
  const sql = text.match(/```sql\n(-- append-only[\s\S]*?)```/)?.[1]
  if (!sql) throw new Error("docs/operations.md has no recipe.")
  return sql.replaceAll("lapse_audit", owner).replace(/\blapse\b/g, role)
}

const check = () => requireAppendOnly("DATABASE_URL", (text) => run(asRole(), text))
const before = settings.DATABASE_URL

beforeEach(async () => {
  await run(inject("postgres"), `CREATE ROLE ${role} LOGIN PASSWORD 'secret'`)
  await run(inject("postgres"), `CREATE DATABASE ${database} OWNER ${role} TEMPLATE template0`)
  await migrate(asRole())
  await installQueue(asRole())
})
afterEach(async () => {
  await disconnect()
  settings.DATABASE_URL = before
  await run(inject("postgres"), `DROP DATABASE ${database} WITH (FORCE)`)
  await run(inject("postgres"), `DROP ROLE IF EXISTS ${role}`)
  await run(inject("postgres"), `DROP ROLE IF EXISTS ${owner}`)
})

describe("requireAppendOnly", () => {
  it("refuses the role that owns the tables, and says why", async () => {
    await expect(check()).rejects.toThrow(
      new RegExp(
        `^AUDIT_APPEND_ONLY is on, and the role "${role}" of DATABASE_URL owns audit_entry`,
      ),
    )
  })

  it("lets a role through after the recipe of the documents, which records and seals", async () => {
    await run(asSuperuser(), recipe())
    await check()

    // What every start does.
    expect(await migrate(asRole())).toEqual([])
    await installQueue(asRole())
    await disconnect()
    settings.DATABASE_URL = asRole()
    const { db } = await import("#lib/db.ts")
    await recordAudit(db, { actorId: null, action: "share.create" })
    while ((await db.auditUnsealed.count()) > 0) await sealEntries()
    expect(await verifyChain()).toMatchObject({ verified: 1, found: 0 })
    for (const text of [
      "DELETE FROM audit_entry",
      "UPDATE audit_entry SET actor = 'Someone'",
      "TRUNCATE audit_entry",
      "DROP TABLE audit_entry",
      "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
      "DELETE FROM audit_seal",
      "UPDATE audit_seal SET hash = ''",
    ]) {
      await expect(run(asRole(), text)).rejects.toMatchObject({ code: "42501" })
    }
    await run(asRole(), `GRANT ALL ON audit_entry TO ${role}`) // PostgreSQL only warns
    await check()
  })

  it.each([
    ["GRANT DELETE ON audit_entry TO <role>", /has DELETE on audit_entry, could delete rows/],
    ["GRANT UPDATE (actor) ON audit_entry TO <role>", /has UPDATE on audit_entry/],
    ["GRANT TRUNCATE ON audit_entry TO <role>", /has TRUNCATE on audit_entry/],
    ["GRANT UPDATE ON audit_seal TO PUBLIC", /has UPDATE on audit_seal, could change rows/],
    ["GRANT <owner> TO <role>", /owns audit_entry or is a member of its owner/],
    ["ALTER SCHEMA public OWNER TO <role>", /owns the schema of audit_entry/],
    ["ALTER ROLE <role> SUPERUSER", /is a superuser/],
    ["ALTER ROLE <role> CREATEROLE", /may make roles/],
  ])("refuses a role after %s", async (text, reason) => {
    await run(asSuperuser(), recipe())
    await run(asSuperuser(), text.replace("<owner>", owner).replace("<role>", role))

    await expect(check()).rejects.toThrow(reason)
  })
})
