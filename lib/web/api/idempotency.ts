import "server-only"
import { createHmac } from "node:crypto"
import { statement } from "#lib/adapters/database/statement.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { isUniqueViolation } from "#lib/adapters/outages/outage.ts"
import { derivedKey } from "#lib/adapters/secrets.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { Call } from "./call.ts"

type Asked = Parameters<Call["run"]>[0]
type Keyed = Exclude<NonNullable<Call["creates"]>, { never: string }>

const KEY = /^[\x21-\x7e]{1,255}$/

/**
 * Runs a call. With an Idempotency-Key, one that creates something does so once in 24 hours: the
 * ids are chosen and stored before it runs, so that a repetition, also after a crash or beside the
 * first, finds what has them or collides with it, and answers for it anew. Refuses (key_reused) a
 * key of another body, and (invalid) an unusable one.
 */
export async function runOnce(call: Call, asked: Omit<Asked, "ids">) {
  const { creates } = call
  const key = asked.request.headers.get("idempotency-key")
  if (!asked.member || !creates || "never" in creates) return call.run({ ...asked, ids: [] })
  const count = creates.count?.(asked.body) ?? 1
  const ids = Array.from({ length: count }, () => newId())
  if (key === null) return call.run({ ...asked, ids })
  return runKeyed({ call, creates, key, by: asked.member.id, asked: { ...asked, ids } })
}

type KeyedRun = { call: Call; creates: Keyed; key: string; by: string; asked: Asked }

async function runKeyed({ call, creates, key, by, asked }: KeyedRun) {
  if (!KEY.test(key)) throw refusal("invalid", "key_form", {}, { field: "Idempotency-Key" })
  const kept = await keep(call, key, by, asked)
  const given = { ...asked, ids: kept.ids }
  const first = kept.isNew ? null : await ifCreated(() => creates.again(given))
  if (first) return first.answer
  try {
    return await call.run(given)
  } catch (error) {
    // A simultaneous call with the key was first; the database waited until it was done.
    if (isUniqueViolation(error)) return creates.again(given)
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

type Row = { ids: string[]; isNew: boolean; isSame: boolean }

async function keep({ at }: Call, key: string, memberId: string, { body, params, ids }: Asked) {
  const keyHash = hashOf(key)
  const bodyHash = hashOf(JSON.stringify([params, body]))
  const values = { memberId, call: at, keyHash, bodyHash, ids }
  const [first] = await keepCall<Row>(values)
  // The statement does not see a row that a simultaneous one inserted; the next one does.
  const row = first ?? (await keepCall<Row>(values))[0]
  if (!row) throw refusal("too_many", "requests", {}, { retryAfterSeconds: 1 })
  if (!row.isSame) throw refusal("key_reused", "key_reused", {}, { field: "Idempotency-Key" })
  return row
}

// A row of yesterday is taken over by the new call. Without a new row the old one is read.
const keepCall = statement(
  "keep-call",
  { memberId: "uuid", call: "text", keyHash: "bytea", bodyHash: "bytea", ids: "uuid[]" },
  `WITH kept AS (
     INSERT INTO keyed_call AS k (member_id, call, key_hash, body_hash, ids)
     VALUES (:memberId, :call, :keyHash, :bodyHash, :ids)
     ON CONFLICT (member_id, call, key_hash) DO UPDATE
       SET body_hash = excluded.body_hash, ids = excluded.ids, created_at = excluded.created_at
       WHERE k.created_at < statement_timestamp() - interval '24 hours'
     RETURNING ids
   )
   SELECT ids::text[] AS ids, true AS "isNew", true AS "isSame" FROM kept
   UNION ALL
   SELECT ids::text[], false, body_hash = :bodyHash FROM keyed_call
   WHERE member_id = :memberId AND call = :call AND key_hash = :keyHash
     AND NOT EXISTS (SELECT FROM kept)`,
)

const hashOf = (text: string) =>
  new Uint8Array(createHmac("sha256", derivedKey("idempotency")).update(text).digest())
