import "server-only"
import { db } from "#lib/adapters/database.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { VERSION } from "#lib/adapters/version.ts"

/** Checks whether the running version is the one that last started on this database. */
export async function checkVersion(): Promise<Found<"version">> {
  const version = VERSION
  const row = await db.installation.findFirst({ select: { dataVersion: true } })
  const other = row?.dataVersion ?? version
  if (other === version) return { state: "ok", code: "ok", values: { version } }
  return { state: "warn", code: "other", values: { version, other } }
}
