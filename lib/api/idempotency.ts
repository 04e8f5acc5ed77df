import "server-only"
import { createHmac } from "node:crypto"
import { statement } from "#lib/adapters/database/statement.ts"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { isUniqueViolation } from "#lib/adapters/outages/outage.ts"
import { derivedKey } from "#lib/adapters/secrets.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newIds } from "#lib/adapters/text/uuid.ts"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import type { Call } from "./call.ts"

type Asked = Parameters<Call["run"]>[0]
type Keyed = Exclude<NonNullable<Call["creates"]>, { never: string }>

const KEY = /^[\x21-\x7e]{1,255}$/

/**
 * Runs a call. With an Idempotency-Key, one that creates something does so once in 24 hours for a
 * person and owner: the
 * ids are chosen and stored before it runs, so that a repetition, also after a crash or beside the
 * first, finds what has them or collides with it, and answers for it anew. A refused call that
 * created nothing leaves nothing of its key. Refuses (key_reused) a key of another body, and
 * (invalid) an unusable one.
 */
export async function runOnce(call: Call, asked: Omit<Asked, "ids">) {
  const { creates } = call
  const key = asked.request.headers.get("idempotency-key")
  if (!asked.member || !creates || "never" in creates) return call.run({ ...asked, ids: [] })
  const count = creates.count?.(asked.body) ?? 1
  const ids = newIds(count)
  if (key === null) return call.run({ ...asked, ids })
  return runKeyed({ call, creates, key, by: asked.member, asked: { ...asked, ids } })
}

type KeyedRun = {
  call: Call
  creates: Keyed
  key: string
  by: Pick<SessionMember, "id" | "team">
  asked: Asked
}

async function runKeyed({ call, creates, key, by, asked }: KeyedRun) {
  if (!KEY.test(key)) throw refusal("invalid", "key_form", {}, { field: "Idempotency-Key" })
  const row = {
    memberId: by.id,
    call: call.at,
    keyHash: hashOf(by.team ? `${key} ${by.team.id}` : key),
  }
  const kept = await keep(row, asked)
  const given = { ...asked, ids: kept.ids }
  const first = kept.isNew ? null : await ifCreated(() => creates.again(given))
  if (first) return first.answer
  try {
    return await call.run(given)
  } catch (error) {
    // A simultaneous call with the key was first; the database waited until it was done.
    if (isUniqueViolation(error)) return creates.again(given)
    if (error instanceof Refusal && !(await ifCreated(() => creates.again(given))))
      await forget({ ...row, ids: { equals: kept.ids } })
    throw error
  }
}

async function ifCreated<Answer>(again: () => Promise<Answer>) {
  try {
    return { answer: await again() }
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") return null
    throw error
  }
}

type Key = { memberId: string; call: string; keyHash: Uint8Array<ArrayBuffer> }
type Row = { ids: string[]; isNew: boolean; isSame: boolean }

async function keep(key: Key, { body, params, ids }: Asked) {
  const bodyHash = hashOf(JSON.stringify([params, body]))
  const [row] = await keepCall<Row>({ ...key, bodyHash, ids })
  if (!row?.isSame) throw refusal("key_reused", "key_reused", {}, { field: "Idempotency-Key" })
  return row
}

// A row of yesterday is taken over by the new call. Of another one the ids stay, and its calls are
// counted, so that a refused one does not remove the row of another that creates something.
const keepCall = statement(
  "keep-call",
  { memberId: "uuid", call: "text", keyHash: "bytea", bodyHash: "bytea", ids: "uuid[]" },
  `INSERT INTO keyed_call AS k (member_id, call, key_hash, body_hash, ids)
   VALUES (:memberId, :call, :keyHash, :bodyHash, :ids)
   ON CONFLICT (member_id, call, key_hash) DO UPDATE
     SET (body_hash, ids, created_at, calls) = (
       SELECT excluded.body_hash, excluded.ids, excluded.created_at, 1
       WHERE k.created_at < statement_timestamp() - interval '24 hours'
       UNION ALL
       SELECT k.body_hash, k.ids, k.created_at, k.calls + (k.body_hash = excluded.body_hash)::int
       WHERE k.created_at >= statement_timestamp() - interval '24 hours')
   RETURNING ids::text[] AS ids, ids = :ids AS "isNew", body_hash = :bodyHash AS "isSame"`,
)

/** Ends a call that created nothing. The last one removes the row. */
async function forget(where: Key & { ids: { equals: string[] } }) {
  await db.keyedCall.updateMany({ where, data: { calls: { decrement: 1 } } })
  await db.keyedCall.deleteMany({ where: { ...where, calls: { lte: 0 } } })
}

const hashOf = (text: string) =>
  new Uint8Array(createHmac("sha256", derivedKey("idempotency")).update(text).digest())
