import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { checkAttempt } from "#lib/adapters/throttle/attempt-limits.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"

/** How long an address stays reserved after its request has ended or given it up. */
const ENDED_FOR = sql`clock_timestamp() - interval '1 year'`

/** In SQL: whether a request may take the address that the row `held` keeps. */
const isFreeFor = (shareId: string | null) => sql`(
  held.share_id = ${shareId}::uuid OR held.left_at < ${ENDED_FOR} OR EXISTS (
    SELECT FROM share WHERE share.id = held.share_id
      AND (share.revoked_at < ${ENDED_FOR} OR share.expires_at < ${ENDED_FOR})))`

type SlugQuestion = { slug: string; requestId: string | null; address: string }

/**
 * Whether the owner's request, or null for a new one, could have this chosen address now. Refuses
 * `not_found` for another's request, and (too_many) many questions from the client's address, since
 * the answers tell which addresses there are.
 */
export async function isSlugFree(
  owner: OwnerId,
  { slug, requestId, address }: SlugQuestion,
): Promise<boolean> {
  await checkAttempt({ purpose: "slug", subject: owner, address })
  const [answer] = await db.$queryRaw<{ free: boolean }[]>`
    SELECT NOT EXISTS (SELECT FROM request_slug AS held
      WHERE slug = ${slug} AND ${isFreeFor(requestId)} IS NOT TRUE) AS free
    WHERE ${requestId}::uuid IS NULL OR EXISTS (SELECT FROM share
      WHERE id = ${requestId}::uuid AND owner_id = ${owner}::uuid AND share_kind = 'request')`
  if (!answer) throw refusal("not_found", "no_request")
  return answer.free
}

/**
 * Gives a request its chosen address, and ends the one it had; null for none. Refuses (conflict) an
 * address of another request, unless that ended or gave it up over a year ago.
 */
export async function setSlug(tx: Tx, shareId: string, slug: string | null): Promise<void> {
  await tx.$executeRaw`
    UPDATE request_slug SET left_at = clock_timestamp()
    WHERE share_id = ${shareId}::uuid AND left_at IS NULL AND slug IS DISTINCT FROM ${slug}`
  if (slug === null) return
  const taken = await tx.$executeRaw`
    INSERT INTO request_slug AS held (slug, share_id) VALUES (${slug}, ${shareId}::uuid)
    ON CONFLICT (slug) DO UPDATE SET share_id = excluded.share_id, left_at = NULL
    WHERE ${isFreeFor(shareId)}`
  if (taken === 0) throw refusal("conflict", "slug_taken", {}, { field: "slug" })
}

const findLink = statement(
  "request_slug",
  { slug: "text" },
  `SELECT link.public_id FROM request_slug JOIN link ON link.share_id = request_slug.share_id AND open
   WHERE slug = :slug AND left_at IS NULL`,
)

/**
 * Returns the public id of the request with this chosen address, or null. Refuses (too_many) a
 * client that has tried too many unknown ones.
 */
export async function findSlug(
  slug: string,
  address: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const [link] = await findLink<{ public_id: Buffer }>({ slug })
  if (link) return new Uint8Array(link.public_id)
  await checkAttempt({ purpose: "slug", subject: "any", address })
  return null
}
