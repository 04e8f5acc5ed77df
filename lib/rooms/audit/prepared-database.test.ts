import { randomBytes } from "node:crypto"
import pg from "pg"
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { disconnect } from "#lib/adapters/database.ts"
import { installQueue } from "#lib/rooms/jobs/install-queue.ts"
import { migrate } from "#prisma/migrate.ts"
import { blockOf } from "#testing/lapse/doc-block.ts"
import { sealEntries } from "./chain/seal-entries.ts"
import { verifyChain } from "./chain/verify-chain.ts"
import { recordAudit } from "./record-audit.ts"

const suffix = randomBytes(6).toString("hex")
const [database, role, owner] = [`only_${suffix}`, `app_${suffix}`, `keeper_${suffix}`]

/**
 * The statements that operators ran on the database for AUDIT_APPEND_ONLY, a setting of earlier
 * versions.
 */
const PREPARED = `
  CREATE ROLE ${owner} NOLOGIN;
  ALTER SCHEMA public OWNER TO ${owner};
  GRANT USAGE, CREATE ON SCHEMA public TO ${role};
  ALTER TABLE audit_entry OWNER TO ${owner};
  ALTER TABLE audit_seal OWNER TO ${owner};
  ALTER TABLE audit_checkpoint OWNER TO ${owner};
  ALTER FUNCTION audit_await_seal() OWNER TO ${owner};
  REVOKE ALL ON audit_entry, audit_seal, audit_checkpoint FROM ${role}, PUBLIC;
  GRANT SELECT, INSERT ON audit_entry, audit_seal TO ${role};
  GRANT SELECT ON audit_checkpoint TO ${role};`

async function run(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

function urlOf(user?: string) {
  const url = new URL(inject("postgres"))
  url.pathname = `/${database}`
  if (user) Object.assign(url, { username: user, password: "secret" })
  return url.href
}

/** Runs the steps that every start runs on the database, and the sealer. */
async function startAndSeal() {
  expect(await migrate(urlOf(role))).toEqual([])
  await installQueue(urlOf(role))
  const { db } = await import("#lib/adapters/database.ts")
  await recordAudit(db, { actorId: null, action: "share.create" })
  while ((await db.auditUnsealed.count()) > 0) await sealEntries()
}

const before = configuration.DATABASE_URL

beforeEach(async () => {
  await run(inject("postgres"), `CREATE ROLE ${role} LOGIN PASSWORD 'secret'`)
  await run(inject("postgres"), `CREATE DATABASE ${database} OWNER ${role} TEMPLATE template0`)
  await migrate(urlOf(role))
  await installQueue(urlOf(role))
  await run(urlOf(), PREPARED)
  await disconnect()
  configuration.DATABASE_URL = urlOf(role)
})
afterEach(async () => {
  await disconnect()
  configuration.DATABASE_URL = before
  await run(inject("postgres"), `DROP DATABASE ${database} WITH (FORCE)`)
  await run(inject("postgres"), `DROP ROLE IF EXISTS ${role}`)
  await run(inject("postgres"), `DROP ROLE IF EXISTS ${owner}`)
})

describe("a database that was prepared for AUDIT_APPEND_ONLY", () => {
  it("starts, and its audit log is recorded and sealed, as before", async () => {
    await startAndSeal()

    expect(await verifyChain()).toMatchObject({ verified: 1, found: 0 })
    await expect(run(urlOf(role), "DELETE FROM audit_entry")).rejects.toThrow(/permission denied/)
  })

  it("gives the audit log back to the app's role by the statements in the documentation", async () => {
    const giveBack = blockOf("operations/audit.md", "sql\n-- give the audit log back to lapse")
    await run(urlOf(), giveBack.replace(/\blapse\b/g, role))
    await startAndSeal()

    expect(await verifyChain()).toMatchObject({ verified: 1, found: 0 })
    await run(urlOf(role), "DELETE FROM audit_seal; DELETE FROM audit_entry")
    await run(urlOf(role), "ALTER TABLE audit_entry ADD COLUMN later text")
  })
})
