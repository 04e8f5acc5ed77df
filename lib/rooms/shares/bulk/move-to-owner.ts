import "server-only"
import { z } from "zod"
import { db, rawSql, sql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid, Uuid } from "#lib/adapters/text/uuid.ts"
import type { OwnerId, SessionMember } from "#lib/rooms/accounts/member.ts"
import { counts } from "#lib/rooms/accounts/teams/team.ts"
import { moveQuota, refuseOverQuota } from "#lib/rooms/files/objects/quota.ts"
import { refuseHeldMember } from "#lib/rooms/files/retention/legal-hold.ts"
import { MAX_SHARE_FILES } from "#lib/rooms/shares/share.ts"
import { nameOf } from "#lib/rooms/shares/share-sql.ts"
import { recordTransfer, toldAgain } from "./transfer-ownership.ts"

const MOST_SHARES = 100
const ids = (most: number) => z.array(Uuid).max(most).default([])

export const MoveInput = z.strictObject({
  shareIds: ids(MOST_SHARES),
  requestIds: ids(MOST_SHARES),
  fileIds: ids(MAX_SHARE_FILES),
  /** "me", or the slug or id of a team of the caller. */
  to: z.string().trim().min(1).max(36),
  /** Only says what would move. */
  dryRun: z.boolean().default(false),
})
export type MoveInput = z.infer<typeof MoveInput>

/** A share or request that was not chosen and has files of what moves. */
const Holder = z.strictObject({
  id: z.uuid(),
  kind: z.enum(["share", "request"]),
  title: z.string(),
})

export const MoveResult = z.strictObject({
  shares: z.int(),
  requests: z.int(),
  files: z.int(),
  bytes: z.int(),
  /** What has to move too. Without a dry run it is empty, because the call refuses it. */
  also: z.array(Holder),
})
export type MoveResult = z.infer<typeof MoveResult>

type Mover = Pick<SessionMember, "id" | "owner">
type Move = { from: string; to: string }

/** How often a move begins again because what it takes grew before it was locked. */
const TRIES = 5

/**
 * Moves shares with their files, requests with what came in, and files, between a person and the
 * person's teams, all or none. Links, folders, counts and uploads of guests stay as they are. Refuses
 * `not_found`; (conflict) files that other shares or requests of the giver have too, and uploads of
 * the giver under way; (quota_exceeded) more than the receiver has room for; and (legal_hold) to take
 * anything from under a hold of the giver. Files that were kept lapse by the rule again, as `toldAgain`
 * says.
 */
export async function moveToOwner(by: Mover, input: MoveInput): Promise<MoveResult> {
  for (let tried = 1; ; tried++) {
    const moved = await db.$transaction((tx) => tryMove(tx, by, input))
    if (moved) return moved
    if (tried === TRIES) throw refusal("conflict", "move_changed")
  }
}

/** Returns null if something was added to what moves before it was locked. */
async function tryMove(tx: Tx, by: Mover, input: MoveInput): Promise<MoveResult | null> {
  const move = { from: by.owner, to: await receiver(tx, by, input.to) }
  const chosen = [...input.shareIds, ...input.requestIds]
  const found = await reach(tx, by.owner, input)
  if (!input.dryRun) await lock(tx, by.owner, found)
  // A separate statement, so that it sees what was committed while the locks waited: also what left.
  const moving = input.dryRun ? found : await reach(tx, by.owner, input)
  if (hasMore(moving, found)) return null
  const holders = await tx.$queryRaw<(z.infer<typeof Holder> & { chosen: boolean })[]>`
    SELECT s.id::text, s.share_kind::text AS kind, ${rawSql(nameOf("s"))} AS title,
      s.id = ANY(${chosen}::uuid[]) AS chosen
    FROM share s WHERE s.id = ANY(${moving.shares}::uuid[]) ORDER BY s.created_at, s.id`
  const also = holders.flatMap(({ chosen, ...holder }) => (chosen ? [] : [holder]))
  const files = await tx.$queryRaw<MovedFile[]>`
    SELECT id::text, name, size AS bytes, delivery_id IS NULL AND status = 'uploading' AS "isArriving"
    FROM file WHERE id = ANY(${moving.files}::uuid[])`
  const bytes = files.reduce((sum, file) => sum + file.bytes, await deletedBytes(tx, by, moving))
  const requests = holders.filter(({ kind }) => kind === "request").length
  const result = {
    ...{ shares: holders.length - requests, requests },
    ...{ files: files.length, bytes: Number(bytes), also },
  }
  if (input.dryRun) return result
  if (holders.length + files.length === 0) return result
  if (also.length > 0) throw refusal("conflict", "move_also")
  if (files.some(({ isArriving }) => isArriving)) throw refusal("conflict", "move_uploading")
  await write(tx, move, moving)
  await moveQuota(tx, { ...move, bytes })
  // Both owners are locked now: these see a removal from a team, a hold and a change of the quota.
  await receiver(tx, by, input.to)
  await requireActing(tx, by)
  await refuseHeldMember(tx, by.owner)
  if (bytes > 0n) await refuseOverQuota(tx, move.to as OwnerId, bytes)
  const titled = holders.map(({ id, title }) => ({ id, title }))
  await recordTransfer(tx, by.id, { ...move, shares: titled, files })
  return result
}

type MovedFile = { id: string; name: string; isArriving: boolean; bytes: bigint }

/** Returns the receiver. Refuses (not_found) a team that the person is not in, and (invalid) the giver. */
async function receiver(tx: Tx, by: Mover, to: string): Promise<string> {
  const id = to === "me" ? by.id : await actsFor(tx, by, to)
  if (!id) throw refusal("not_found", "no_team", {}, { field: "to" })
  if (id === by.owner) throw refusal("invalid", "move_same", {}, { field: "to" })
  return id
}

async function actsFor(tx: Tx, by: Mover, team: string): Promise<string | undefined> {
  const named = isUuid(team) ? sql`t.id = ${team}::uuid` : sql`slug = ${team}`
  const [found] = await tx.$queryRaw<{ id: string }[]>`
    SELECT t.id::text FROM team_member tm JOIN team t ON t.id = tm.team_id JOIN member m ON m.id = t.id
    WHERE tm.member_id = ${by.id}::uuid AND ${named} AND ${counts} AND m.disabled_at IS NULL`
  return found?.id
}

async function requireActing(tx: Tx, by: Mover) {
  const isOwn: boolean = (by.owner as string) === by.id
  if (!isOwn && !(await actsFor(tx, by, by.owner))) throw refusal("not_found", "no_team")
  if ((await tx.member.count({ where: { id: by.id, disabledAt: null } })) === 0)
    throw refusal("signed_out", "signed_out")
}

/** The ids of shares and requests, and of files that are not deleted. */
type Reached = { shares: string[]; files: string[] }

/**
 * Finds what moves: what was chosen, the files of each share and request, and every other share and
 * request of the giver that has one of them. Refuses `not_found` what is not the giver's.
 */
async function reach(tx: Tx, from: OwnerId, chosen: MoveInput): Promise<Reached> {
  const shares = await tx.$queryRaw<{ id: string; kind: string }[]>`
    SELECT s.id::text, s.share_kind::text AS kind FROM share s
    LEFT JOIN request r ON r.share_id = s.id
    WHERE s.owner_id = ${from}::uuid AND r.deleted_at IS NULL
      AND s.id = ANY(${[...chosen.shareIds, ...chosen.requestIds]}::uuid[])`
  const missing = (wanted: string[], kind: string) =>
    wanted.some((id) => !shares.some((share) => share.id === id && share.kind === kind))
  if (missing(chosen.shareIds, "share")) throw refusal("not_found", "no_share")
  if (missing(chosen.requestIds, "request")) throw refusal("not_found", "no_request")
  const files = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM file WHERE owner_id = ${from}::uuid AND deleted_at IS NULL
      AND (delivery_id IS NULL OR status <> 'uploading') AND id = ANY(${chosen.fileIds}::uuid[])`
  if (files.length < new Set(chosen.fileIds).size) throw refusal("not_found", "no_file")
  let reached: Reached = { shares: idsOf(shares), files: idsOf(files) }
  for (;;) {
    const next = await step(tx, from, reached)
    if (next.files.length > MAX_SHARE_FILES) throw refusal("invalid", "too_many_files")
    if (!hasMore(next, reached)) return reached
    reached = next
  }
}

/** In SQL: the ids of the files of shares and requests, also of deleted ones, which move too. */
const ofShares = (shares: string[]) => sql`
  SELECT file_id FROM share_file WHERE share_id = ANY(${shares}::uuid[]) AND removed_at IS NULL
  UNION SELECT file.id FROM file WHERE delivery_id = ANY(ARRAY(
    SELECT delivery.id FROM delivery WHERE share_id = ANY(${shares}::uuid[])))`

// Arrays in place of joins keep the plans linear where a table has no statistics yet.
const isMoving = (from: string, { shares, files }: Reached) => sql`
  owner_id = ${from}::uuid
    AND id = ANY(ARRAY(SELECT unnest(${files}::uuid[]) UNION ${ofShares(shares)}))`

async function step(tx: Tx, from: OwnerId, { shares, files }: Reached): Promise<Reached> {
  const nextFiles = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM file WHERE owner_id = ${from}::uuid AND deleted_at IS NULL AND id = ANY(ARRAY(
      SELECT unnest(${files}::uuid[])
      UNION ${ofShares(shares)}
      UNION SELECT older.replaces_id FROM file AS older WHERE older.id = ANY(${files}::uuid[])
        AND older.deleted_at IS NULL AND older.status <> 'ready'
      UNION SELECT newer.id FROM file AS newer WHERE newer.replaces_id = ANY(${files}::uuid[])
        AND newer.deleted_at IS NULL AND newer.status <> 'ready'))`
  const nextShares = await tx.$queryRaw<{ id: string }[]>`
    SELECT s.id::text FROM share s LEFT JOIN request r ON r.share_id = s.id
    WHERE s.owner_id = ${from}::uuid AND r.deleted_at IS NULL AND s.id = ANY(ARRAY(
      SELECT unnest(${shares}::uuid[])
      UNION SELECT share_id FROM share_file
        WHERE file_id = ANY(${idsOf(nextFiles)}::uuid[]) AND removed_at IS NULL
      UNION SELECT delivery.share_id FROM file JOIN delivery ON delivery.id = file.delivery_id
        WHERE file.id = ANY(${idsOf(nextFiles)}::uuid[])))`
  return { shares: idsOf(nextShares), files: idsOf(nextFiles) }
}

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)

function hasMore(now: Reached, before: Reached) {
  const known = new Set([...before.shares, ...before.files])
  return [...now.shares, ...now.files].some((id) => !known.has(id))
}

async function lock(tx: Tx, from: string, found: Reached) {
  await tx.$queryRaw`SELECT count(*) FROM (
    SELECT FROM file WHERE ${isMoving(from, found)} ORDER BY id FOR NO KEY UPDATE) AS locked`
  await tx.$queryRaw`SELECT count(*) FROM (
    SELECT FROM share WHERE id = ANY(${found.shares}::uuid[]) ORDER BY id FOR NO KEY UPDATE) AS locked`
}

/** Returns the bytes of deleted files that still count in the giver's quota. */
async function deletedBytes(tx: Tx, by: Mover, moving: Reached): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ bytes: bigint }[]>`
    SELECT coalesce(sum(size), 0)::bigint AS bytes FROM file
    WHERE counted_until IS NOT NULL AND deleted_at IS NOT NULL AND ${isMoving(by.owner, moving)}`
  return row?.bytes ?? 0n
}

async function write(tx: Tx, { from, to }: Move, moving: Reached) {
  await tx.$executeRaw`
    UPDATE file SET owner_id = ${to}::uuid, ${toldAgain(to)} WHERE ${isMoving(from, moving)}`
  await tx.$executeRaw`
    UPDATE share SET owner_id = ${to}::uuid WHERE id = ANY(${moving.shares}::uuid[])`
}
