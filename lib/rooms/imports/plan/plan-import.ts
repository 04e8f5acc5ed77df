import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { inParallel } from "#lib/rooms/imports/in-parallel.ts"
import type { App, Source } from "#lib/rooms/imports/sources/source.ts"
import { findBytes, type Places } from "./find-bytes.ts"
import { findFiles } from "./find-imported.ts"
import type { ImportPlan, NewFile } from "./plan.ts"
import { planMembers } from "./plan-members.ts"
import { nameOfShare, planShares } from "./plan-shares.ts"

const FINDS_AT_ONCE = 16

/**
 * Compares an app's data with this installation, and changes nothing. Throws a SetupError if there
 * is no admin yet. Shares without an owner go to the admin.
 */
export async function planImport(app: App, source: Source, places: Places): Promise<ImportPlan> {
  const leftOut = [...source.leftOut]
  const leaveOut = (what: string, why: string) => {
    leftOut.push({ what, why })
  }
  const admin = await firstAdmin()
  const { members, here, emails } = await planMembers(source.members, leaveOut)
  const ownerOf = (id: string | null) => emails.get(id ?? "") ?? admin

  const files: NewFile[] = []
  const filesOf = new Map<string, { owner: string; fileId: string | null }>()
  const shareOf = new Map(
    source.shares.flatMap((share) => share.fileIds.map((id) => [id, nameOfShare(share)] as const)),
  )
  const known = await findFiles(app, source.files)
  const found = await inParallel(FINDS_AT_ONCE, known, async ({ source, state }) =>
    state === "new" ? findBytes(source, places) : null,
  )
  for (const [index, { source: file, hash, state, fileId }] of known.entries()) {
    const owner = ownerOf(file.ownerId)
    const bytes = found[index]
    if (state === "here") filesOf.set(file.id, { owner, fileId })
    if (!bytes) continue
    const share = shareOf.get(file.id)
    const what = `the file “${file.name}” of ${owner}${share ? ` in ${share}` : ""}`
    if ("why" in bytes) {
      leaveOut(what, bytes.why)
      continue
    }
    if (!emails.has(file.ownerId ?? "")) leaveOut(what, `it has no owner and goes to ${admin}`)
    files.push({ source: file, what, owner, bytes, hash, unfinishedId: fileId })
    filesOf.set(file.id, { owner, fileId: null })
  }
  const shares = await planShares(app, source.shares, { ownerOf, files: filesOf, leaveOut })
  return {
    members,
    files,
    shares: shares.shares,
    here: {
      members: here,
      files: known.filter(({ state }) => state !== "new").length,
      shares: shares.here,
    },
    leftOut,
    overQuota: await findOverQuota(files),
  }
}

async function firstAdmin(): Promise<string> {
  const admin = await db.member.findFirst({
    where: { kind: "person", role: "admin", disabledAt: null, deletedAt: null },
    orderBy: { createdAt: "asc" },
    select: { email: true },
  })
  if (admin) return admin.email
  throw new SetupError(
    "There is no admin yet: open Lapse, create the first admin, and import then.",
  )
}

async function findOverQuota(files: NewFile[]) {
  const incoming = new Map<string, number>()
  for (const { owner, source } of files)
    incoming.set(owner, (incoming.get(owner) ?? 0) + source.size)
  const rows = await db.member.findMany({
    where: { email: { in: [...incoming.keys()] }, kind: "person" },
    select: { email: true, usedBytes: true, quotaBytes: true },
  })
  const held = new Map(rows.map((row) => [row.email, row]))
  return [...incoming].flatMap(([email, added]) => {
    const { usedBytes = 0n, quotaBytes = null } = held.get(email) ?? {}
    const quota = quotaBytes ?? configuration.DEFAULT_QUOTA_BYTES ?? null
    const bytes = Number(usedBytes) + added
    return quota !== null && bytes > Number(quota) ? [{ email, bytes, quota: Number(quota) }] : []
  })
}
