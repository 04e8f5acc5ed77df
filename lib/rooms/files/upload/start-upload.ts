import "server-only"
import { randomBytes } from "node:crypto"
import { db, noSql, type Sql, sql } from "#lib/adapters/database.ts"
import { attempt, Refusal } from "#lib/adapters/errors.ts"
import { requireUploadRoom } from "#lib/adapters/host/disk-room.ts"
import { addJob } from "#lib/adapters/queue.ts"
import {
  largestUpload,
  maxParts,
  PUT_TTL_SECONDS,
  presignPut,
  refusesOverwrite,
  verifiesPartSha256,
} from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { Actor, OwnerId } from "#lib/rooms/accounts/member.ts"
import { refuseTooLarge, refuseType } from "#lib/rooms/files/allowed-files.ts"
import {
  type FileInput,
  type FileView,
  MAX_FOLDER_BYTES,
  type RepeatedUpload,
  SINGLE_PUT_BYTES,
  type StartedUpload,
  type UploadView,
} from "#lib/rooms/files/file.ts"
import { type FileRow, fileColumns, viewFor } from "#lib/rooms/files/file-columns.ts"
import { anyColour } from "#lib/rooms/files/objects/colours.ts"
import { lockQuota, readQuotaRoom, reserveQuota } from "#lib/rooms/files/objects/quota.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import { GUEST_START_SECONDS } from "./abandon-idle-uploads.ts"
import { partCountOf, partSizeOf } from "./parts/part-sizes.ts"
import { capRefusal, tokenCap } from "./token-cap.ts"
import { type Guest, isGuest } from "./uploader.ts"

/** Starts one upload. Refuses as `startUploads` does. */
export async function startUpload(
  by: Actor | Guest,
  input: FileInput,
  id?: string,
): Promise<StartedUpload> {
  const [started] = await startUploads(by, [input], { ids: id ? [id] : [] })
  if (!started) throw new Error("The upload has no answer.")
  if (started instanceof Refusal) throw started
  return started
}

/** A file that is refused, because another one of its name is there. */
export type NameTaken = { taken: FileView; refusal: Refusal }

export type UploadAnswer = RepeatedUpload | NameTaken | Refusal

type Inputs = readonly (FileInput | Refusal)[]

type Starting = {
  /** The ids of the files, by their places among the inputs. */
  ids?: readonly string[]
  /** Whether files that the uploader sent before are not started again. */
  ifNew?: boolean | undefined
}

/**
 * Starts uploads: reserves their sizes in the member's quota, and inserts the files and their
 * objects in one statement. The answers are in the order of the files: how to send each one, by a
 * signed PUT or in parts, or why it is refused (`too_large`, `not_allowed`, `quota_exceeded`,
 * `storage_full`), which reserves nothing. An input that is a refusal is returned as its answer.
 * The store is only asked for its limit of parts, once, for a file of many gigabytes. A multipart
 * upload begins there with its first part.
 *
 * With `ifNew`, a file that has arrived before is answered with `upload: null`. One whose place and
 * name another file has is refused (conflict), with that file, unless it says which file it
 * replaces; if there is no room for it, it is refused as any other.
 */
export async function startUploads(
  by: Actor | Guest,
  inputs: Inputs,
  starting?: Starting & { ifNew?: false },
): Promise<(StartedUpload | Refusal)[]>
export async function startUploads(
  by: Actor | Guest,
  inputs: Inputs,
  starting: Starting,
): Promise<UploadAnswer[]>
export async function startUploads(
  by: Actor | Guest,
  inputs: Inputs,
  { ids = [], ifNew = false }: Starting = {},
): Promise<UploadAnswer[]> {
  const settings = await readSettings()
  requireUploadRoom(0)
  const plans = await Promise.all(
    inputs.map(async (input, place) => {
      if (input instanceof Refusal) return input
      const maxFileBytes = await largestFor(input, settings)
      const refused = attempt(() => {
        refuseTooLarge({ maxFileBytes }, input)
        if (isGuest(by)) refuseToGuest(by, input)
        requireUploadRoom(input.size)
      })
      if (refused) return refused
      const plan = await planUpload({ ...input, path: folderFor(by, input) }, ids[place])
      return isGuest(by) ? { ...plan, sentName: input.name, sentPath: input.path ?? "" } : plan
    }),
  )
  const files = await reserve(
    by,
    plans.filter((plan): plan is Plan => !(plan instanceof Refusal)),
    ifNew,
  )
  const isMissing = (plan: Plan | Refusal) => !(plan instanceof Refusal) && !files.has(plan.id)
  const room =
    plans.some(isMissing) || [...files.values()].some(({ isSame }) => isSame === false)
      ? await roomFor(by)
      : null
  return Promise.all(
    plans.map(async (plan) => {
      if (plan instanceof Refusal) return plan
      const row = files.get(plan.id)
      // A file without room beside the one of its name can neither replace it nor be kept with it.
      if (room && (!row || (isOther(plan, row) && !room.fits(plan)))) return room.refuse(plan)
      if (!row) throw new Error("A file was neither started nor refused.")
      return answerOf(by, plan, row)
    }),
  )
}

/** Whether the file that is there is another one, and its SHA-256 could not show that it is not. */
const isOther = (plan: Plan, row: AnsweredRow) =>
  row.isSame === false &&
  (plan.sha256 !== null || row.sha256 === null || Number(row.size) !== plan.size)

async function answerOf(by: Actor | Guest, plan: Plan, row: AnsweredRow): Promise<UploadAnswer> {
  const file = viewFor(by, row)
  const { name } = file
  if (row.isSame === null) return { file, upload: await instructionsFor(plan, row.signedAt) }
  if (row.isSame) return { file, upload: null }
  return { taken: file, refusal: refusal("conflict", "name_taken", { name }, { field: "name" }) }
}

function refuseToGuest(guest: Guest, input: FileInput) {
  refuseTooLarge(guest, input)
  refuseType(guest.types, input)
  if (Buffer.byteLength(folderFor(guest, input)) > MAX_FOLDER_BYTES)
    throw refusal("invalid", "long_path", {}, { field: "path" })
}

const folderFor = (by: Actor | Guest, { path = "" }: FileInput) =>
  [isGuest(by) ? by.folder : "", path].filter(Boolean).join("/")

/** Says which files have room beside all others, and refuses those that have none. */
async function roomFor(by: Actor | Guest) {
  if (isGuest(by)) {
    const refuse = await by.full()
    return { fits: (file: Sized) => refuse(file).code !== "quota_exceeded", refuse }
  }
  const [ofCap, quota] = await Promise.all([capRefusal(by.token), readQuotaRoom(by.owner)])
  return {
    fits: (file: Sized) => ofCap(file) === null && quota.fits(file),
    refuse: (file: Sized) => ofCap(file) ?? quota.refuse(file),
  }
}

type Sized = { name: string; size: number }

/** Any store accepts a file of this size in the smallest parts, so its limit is not requested. */
const TAKEN_BYTES = 1_000 * SINGLE_PUT_BYTES

const largestFor = async ({ size }: FileInput, { maxFileBytes }: Settings) =>
  size <= TAKEN_BYTES ? maxFileBytes : Math.min(maxFileBytes, await largestUpload())

const partSizeFor = async (size: number) =>
  size <= TAKEN_BYTES ? SINGLE_PUT_BYTES : partSizeOf(size, await maxParts())

type Plan = Awaited<ReturnType<typeof planUpload>> & { sentName?: string; sentPath?: string }

async function planUpload(input: FileInput, id = newId()) {
  const { name, size, contentType, path = "" } = input
  const { sha256 = null, fingerprint = null, replaces = null } = input
  const partSize = (await fitsOnePut(size)) ? null : await partSizeFor(size)
  const checksums =
    partSize !== null && input.partChecksums === true && (await verifiesPartSha256())
  return {
    id,
    key: `o/${randomBytes(20).toString("hex")}`,
    colour: await anyColour(),
    ...{ name, size, contentType, path, sha256, fingerprint, replaces, partSize, checksums },
  }
}

/**
 * Whether one PUT is enough. In a store that overwrites, a repeated PUT could later change a ready
 * file. In most stores a part's URL cannot; the check of late parts reports those where it can.
 */
const fitsOnePut = async (size: number) => size <= SINGLE_PUT_BYTES && (await refusesOverwrite())

type AnsweredRow = FileRow & {
  /** The id of the plan that it answers. */
  planId: string
  /** Whether the file that is there is the one that is asked for; null if it was started now. */
  isSame: boolean | null
  signedAt: Date
}

/**
 * Inserts the rows before anything reaches the store. Returns those that fit the quota and, with
 * `ifNew`, the files that are there, by the ids of the plans. A PUT is signed with the returned time,
 * so its URL expires at `put_expires_at`.
 */
async function reserve(
  by: Actor | Guest,
  plans: readonly Plan[],
  ifNew: boolean,
): Promise<ReadonlyMap<string, AnsweredRow>> {
  if (plans.length === 0) return new Map()
  const cap = isGuest(by) ? { room: by.room, count: by.begin } : tokenCap(by.token)
  const deliveryId = isGuest(by) ? by.deliveryId : null
  const asked = JSON.stringify(plans.map((plan, place) => ({ place, ...plan })))
  // Lists show files in the order of the batch, so each is a microsecond later than the one before.
  const rows = await db.$transaction(async (tx) => {
    const owner = isGuest(by) ? await by.admit(tx) : by.owner
    await lockQuota(tx, owner)
    const answered = await tx.$queryRaw<AnsweredRow[]>`
      WITH RECURSIVE asked AS (
        SELECT sent.*, CASE older.status WHEN 'ready' THEN older.id
          -- Until it is ready, what it replaces is still there.
          ELSE coalesce(older.replaces_id, older.id) END AS replaces_id
        FROM jsonb_to_recordset(${asked}::jsonb) AS sent (place int, id uuid, key text,
          colour text, name text, size bigint, "contentType" text, path text, "sentName" text,
          "sentPath" text, sha256 text, fingerprint text, replaces uuid, "partSize" bigint,
          checksums boolean)
          LEFT JOIN file AS older ON older.id = sent.replaces AND older.owner_id = ${owner}::uuid
            AND older.delivery_id IS NOT DISTINCT FROM ${deliveryId}::uuid
            AND older.deleted_at IS NULL AND older.status IN ('ready', 'checking', 'held')
      ), there AS (
        ${ifNew ? thereAmong(by, owner, plans) : NOTHING_THERE}
      ), wanted AS (
        SELECT *, row_number() OVER (ORDER BY place)::int AS position
        FROM asked WHERE id NOT IN (SELECT plan_id FROM there)
      ), ${reserveQuota(owner, cap?.room)}${cap ? sql`, ${cap.count}` : noSql}, started AS (
        INSERT INTO file (id, owner_id, delivery_id, sent_name, sent_path, name, path, size, content_type, sha256, fingerprint, replaces_id, created_at)
        SELECT id, ${owner}::uuid, ${deliveryId}::uuid, "sentName", "sentPath",
          name, path, size, "contentType", sha256, fingerprint, replaces_id,
          statement_timestamp() + make_interval(secs => (position - 1) / 1e6)
        FROM wanted JOIN fitting USING (position)
        RETURNING *
      ), written AS (
        INSERT INTO object (key, file_id, part_size, checksums, colour, put_expires_at)
        SELECT key, id, "partSize", checksums, colour,
          statement_timestamp() + make_interval(secs => ${PUT_TTL_SECONDS}::int)
        FROM wanted JOIN started USING (id)
      )
      SELECT ${fileColumns}, plan_id AS "planId", is_same AS "isSame",
        statement_timestamp() AS "signedAt"
      FROM (
        SELECT id AS plan_id, NULL::boolean AS is_same, started.* FROM started UNION ALL SELECT * FROM there
      ) AS file`
    const started = answered.filter(({ isSame }) => isSame === null)
    const [first] = started
    if (first && isGuest(by)) {
      const runAt = new Date(first.signedAt.getTime() + GUEST_START_SECONDS * 1_000)
      await addJob(tx, "giveUpUnsent", { fileIds: started.map(({ id }) => id) }, { runAt })
    }
    return answered
  })
  return new Map(rows.map((row) => [row.planId, row]))
}

const NOTHING_THERE = sql`SELECT NULL::uuid AS plan_id, NULL::boolean AS is_same, file.* FROM file WHERE false`

/**
 * A query for the files that have arrived under the places and names of those that are asked for:
 * one for each, the same file if there is one. SHA-256 decides where both are known, and otherwise
 * the fingerprint. The names are compared before the join, so that a large folder is read once.
 */
function thereAmong(by: Actor | Guest, owner: OwnerId, plans: readonly Plan[]): Sql {
  const texts = (of: (plan: Plan) => string | undefined) => [...new Set(plans.map(of))]
  const place = isGuest(by)
    ? sql`delivery_id = ${by.deliveryId}::uuid AND sent_name = ANY(${texts(({ sentName }) => sentName)}::text[])`
    : sql`owner_id = ${owner}::uuid AND delivery_id IS NULL
        AND path COLLATE "C" = ANY(${texts(({ path }) => path)}::text[])
        AND name = ANY(${texts(({ name }) => name)}::text[])`
  const isNamed = isGuest(by)
    ? sql`(file.sent_name, file.sent_path) = (asked."sentName", asked."sentPath")`
    : sql`(file.name, file.path) = (asked.name, asked.path)`
  const isSame = sql`(file.size = asked.size AND coalesce(
    file.sha256 = asked.sha256, file.fingerprint = asked.fingerprint, false))`
  return sql`SELECT DISTINCT ON (asked.id) asked.id AS plan_id, ${isSame} AS is_same, file.*
    FROM asked JOIN (
      SELECT * FROM file
      WHERE ${place} AND deleted_at IS NULL AND status IN ('ready', 'checking', 'held') OFFSET 0
    ) AS file ON ${isNamed} AND (asked.replaces_id IS NULL OR ${isSame})
    ORDER BY asked.id, is_same DESC, file.created_at DESC`
}

async function instructionsFor(
  { key, size, contentType, sha256, partSize, checksums }: Plan,
  signedAt: Date,
): Promise<UploadView> {
  if (partSize !== null) {
    return { method: "multipart", partSize, partCount: partCountOf({ size, partSize }), checksums }
  }
  const put = await presignPut({ key, size, contentType, signedAt, sha256: sha256 ?? undefined })
  return { method: "put", ...put }
}
