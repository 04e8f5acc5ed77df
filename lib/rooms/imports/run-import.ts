import "server-only"
import { randomBytes } from "node:crypto"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import type { ImportPlan } from "#lib/rooms/imports/plan/plan.ts"
import { nameOfShare } from "#lib/rooms/imports/plan/plan-shares.ts"
import type { App, LeftOut } from "#lib/rooms/imports/sources/source.ts"
import { importFile } from "./import-file.ts"
import { importMember } from "./import-member.ts"
import { importShare } from "./import-share.ts"
import { inParallel } from "./in-parallel.ts"

const FILES_AT_ONCE = 4
const SHARES_AT_ONCE = 4

type Running = {
  app: App
  /** The app's directory. */
  root: string
  say?: (line: string) => void
}

export type Imported = { members: number; files: number; shares: number; failed: LeftOut[] }

/**
 * Carries out the plan: members, then files, then shares with their old links. It may be
 * interrupted and repeated, and then continues. A file that fails is left out. An outage of the
 * database or the store ends the import. Only one import may run at a time.
 */
export async function runImport(plan: ImportPlan, { app, root, say }: Running): Promise<Imported> {
  const failed: LeftOut[] = []
  const lockedHash = await hashPassword(randomBytes(32).toString("base64url"))
  const planned = {
    members: plan.members.length,
    files: plan.files.length,
    shares: plan.shares.length,
  }
  const nothing = planned.members + planned.files + planned.shares === 0
  if (nothing) return { ...planned, failed }
  const actId = await recordAudit(db, {
    actorId: null,
    action: "installation.import",
    details: { app, ...planned },
  })
  const imported = { members: 0, files: 0, shares: 0 }
  for (const member of plan.members) {
    if (await importMember(member, { lockedHash, actId })) imported.members++
  }
  const ids = await memberIds(plan)
  const ownerOf = (email: string): OwnerId => {
    const id = ids.get(email)
    if (id === undefined) throw new Error("an owner is missing")
    return id
  }

  const fileIds = new Map<string, string>()
  await inParallel(FILES_AT_ONCE, plan.files, async (file) => {
    try {
      const id = await importFile(file, { ownerId: ownerOf(file.owner), root, actId })
      fileIds.set(file.source.id, id)
      imported.files++
      say?.(`${imported.files} of ${planned.files} files`)
    } catch (error) {
      if (!isOfOneFile(error)) throw error
      failed.push({ what: file.what, why: error.message })
    }
  })
  await inParallel(SHARES_AT_ONCE, plan.shares, async (share) => {
    const files = share.files.map(({ sourceId, fileId }) => fileId ?? fileIds.get(sourceId))
    const held = await importShare(share, {
      ownerId: ownerOf(share.owner),
      fileIds: files.filter((id) => id !== undefined),
      lockedHash,
      actId,
    })
    if (held === 0) {
      const what = `${nameOfShare(share.source)} of ${share.owner}`
      failed.push({ what, why: "none of its files was imported" })
      return
    }
    imported.shares++
    say?.(`${imported.shares} of ${planned.shares} shares`)
  })
  return { ...imported, failed }
}

const isOfOneFile = (error: unknown): error is Error =>
  error instanceof Refusal
    ? error.code !== "unavailable"
    : error instanceof Error && !outageOf(error)

async function memberIds({ files, shares }: ImportPlan): Promise<Map<string, OwnerId>> {
  const emails = new Set([...files, ...shares].map(({ owner }) => owner))
  const rows = await db.member.findMany({
    where: { email: { in: [...emails] }, kind: "person" },
    select: { id: true, email: true },
  })
  // The operator who runs the import acts on behalf of these members.
  return new Map(rows.map(({ id, email }) => [email, id as OwnerId]))
}
