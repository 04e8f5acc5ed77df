import "server-only"
import { inTime } from "#lib/outages/in-time.ts"
import { isBroken, reasonOf } from "#lib/storage/calls/reason-of.ts"
import { probeAgain } from "../capabilities.ts"
import { type StoreKind, storeKind } from "../objects.ts"
import {
  checkAddressing,
  checkCredentials,
  checkTemporary,
  checkWrite,
} from "./checks/check-access.ts"
import { checkAuditHead } from "./checks/check-audit-head.ts"
import { checkClocks } from "./checks/check-clocks.ts"
import { checkLifecycle } from "./checks/check-lifecycle.ts"
import { checkCopy, checkDelete, checkOverrides, checkVersioning } from "./checks/check-objects.ts"
import { checkOtherTags } from "./checks/check-other-tags.ts"
import { checkCors, checkPublicEndpoint } from "./checks/check-public.ts"
import { checkColours, checkSignerRights } from "./checks/check-signers.ts"
import {
  checkChecksums,
  checkCompleteOverwrite,
  checkListParts,
  checkOverwrite,
  checkSignedLength,
} from "./checks/check-uploads.ts"
import { checkClaimParameter, checkExpiry, checkSignatureAge } from "./checks/check-urls.ts"
import type { CheckId, Finding, Found } from "./finding.ts"
import { createProbe, type Outside, type Probe } from "./probe.ts"

const CHECK_MS = 15_000
const CLEAN_MS = 10_000

type Check<Id extends CheckId> = (probe: Probe) => Promise<Found<Id>>

/** Every check, in the order of the report. */
const CHECKS: { [Id in CheckId]: Check<Id> } = {
  credentials: checkCredentials,
  temporary_credentials: checkTemporary,
  clocks: checkClocks,
  addressing: checkAddressing,
  write: checkWrite,
  public_endpoint: checkPublicEndpoint,
  cors: checkCors,
  signed_length: checkSignedLength,
  expiry: checkExpiry,
  overwrite: checkOverwrite,
  complete_overwrite: checkCompleteOverwrite,
  list_parts: checkListParts,
  copy: checkCopy,
  delete: checkDelete,
  overrides: checkOverrides,
  checksums: checkChecksums,
  colours: checkColours,
  signer_rights: checkSignerRights,
  other_tags: checkOtherTags,
  signature_age: checkSignatureAge,
  claim_parameter: checkClaimParameter,
  versioning: checkVersioning,
  audit_head: checkAuditHead,
  lifecycle: checkLifecycle,
}

const IDS = Object.keys(CHECKS) as CheckId[] // the keys of the table above

/** The checks that are useful even if the bucket cannot be used. */
const FIRST: CheckId[] = ["credentials", "temporary_credentials", "clocks", "addressing"]
/** The checks that write nothing. */
const READING: CheckId[] = [...FIRST, "lifecycle"]

/**
 * Tries out on the bucket what Lapse needs of it. Takes about a second, and less than a minute if
 * the store does not answer. Leaves nothing in the bucket; sweep-probes.ts removes what a crash
 * leaves.
 */
export async function runChecks(outside: Outside): Promise<Finding[]> {
  probeAgain()
  let kind: StoreKind = "other"
  const probe = createProbe(outside, () => kind)
  const found = new Map<CheckId, Finding>()
  const run = async (ids: CheckId[]) => {
    for (const each of await Promise.all(ids.map((id) => runOne(id, probe))))
      found.set(each.id, each)
  }
  const skip = (code: "unreachable" | "read_only") => {
    for (const id of IDS) if (!found.has(id)) found.set(id, { id, state: "skipped", code })
  }
  try {
    await run(FIRST)
    if (found.get("credentials")?.state !== "ok") skip("unreachable")
    else {
      kind = await storeKind().catch(() => kind)
      await run(["write", "lifecycle"])
      if (found.get("write")?.state !== "ok") skip("read_only")
      else await run(IDS.filter((id) => id !== "write" && !READING.includes(id)))
    }
  } finally {
    await inTime(probe.clean(), CLEAN_MS).catch(() => {})
  }
  return IDS.flatMap((id) => found.get(id) ?? [])
}

async function runOne(id: CheckId, probe: Probe): Promise<Finding> {
  const late = Symbol("late")
  const limit = new Promise<typeof late>((resolve) => {
    setTimeout(resolve, CHECK_MS, late).unref()
  })
  try {
    const answer = await Promise.race([checkTwice(id, probe), limit])
    if (answer !== late) return { id, ...answer }
    return { id, state: "fail", code: "timeout", values: { seconds: CHECK_MS / 1000 } }
  } catch (error) {
    return { id, state: "fail", code: "failed", values: { reason: reasonOf(error) } }
  }
}

/** A broken connection says nothing about the store's behaviour, so such a check runs once more. */
async function checkTwice(id: CheckId, probe: Probe) {
  try {
    return await CHECKS[id](probe)
  } catch (error) {
    if (!isBroken(error)) throw error
    return CHECKS[id](probe)
  }
}
