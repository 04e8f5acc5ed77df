import "server-only"
import { scanBytes } from "#lib/adapters/clamd.ts"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { connectionFinding } from "#lib/rooms/checks/connection-finding.ts"

/** The EICAR test file, in parts, so that no scanner takes this file for it. */
const EICAR = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"]

const PATIENCE = { silenceMs: 8_000, totalMs: 10_000 }

type Unchecked = { waiting: number; failing: number; problem: string | null }

/** Checks that clamd finds the EICAR test file, and that scans have results. */
export async function checkScan(): Promise<Found<"scan">> {
  const [unchecked = { waiting: 0, failing: 0, problem: null }] = await db.$queryRaw<Unchecked[]>`
    SELECT count(*)::int AS waiting, count(scan_problem)::int AS failing,
      mode() WITHIN GROUP (ORDER BY scan_problem) AS problem
    FROM file WHERE unchecked_since IS NOT NULL AND status = 'checking'`
  const { waiting, failing, problem } = unchecked
  if (configuration.CLAMD_ADDRESS === undefined) {
    if (waiting === 0) return { state: "skipped", code: "off" }
    return { state: "warn", code: "off_waiting", values: { count: waiting } }
  }
  const address = clamdAddress()
  const fault = await findFault(address)
  if (fault) return fault
  if (problem !== null)
    return { state: "warn", code: "failing", values: { count: failing, reason: problem } }
  return { state: "ok", code: "ok", values: { address } }
}

async function findFault(address: string): Promise<Found<"scan"> | null> {
  const scanned = await scanBytes([Buffer.from(EICAR.join(""))], PATIENCE)
  if (scanned.result === "found") return null
  if (scanned.result !== "none") return { state: "fail", code: "blind", values: { address } }
  const reason = scanned.problem
  return (
    connectionFinding(reason, { place: address, setting: "CLAMD_ADDRESS" }) ?? {
      state: "fail",
      code: "no_result",
      values: { address, reason },
    }
  )
}

function clamdAddress() {
  const { CLAMD_ADDRESS: at } = configuration
  if (!at) return ""
  return "path" in at ? at.path : `${at.host}:${at.port}`
}
