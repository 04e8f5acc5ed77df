import "server-only"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Actor, OwnerId } from "#lib/rooms/accounts/member.ts"
import type { FileInput } from "#lib/rooms/files/file.ts"
import { repeatUpload } from "./resume-upload.ts"
import { startUploads, type UploadAnswer } from "./start-upload.ts"

/**
 * Answers again for uploads that were started with these ids, in the order of the files: how to
 * resume those that exist, and how to send the others, which it starts. Refuses `not_found` if none
 * exists.
 */
export async function repeatUploads(
  actor: Actor,
  inputs: readonly (FileInput | Refusal)[],
  { ids, ifNew }: { ids: readonly string[]; ifNew?: boolean | undefined },
): Promise<UploadAnswer[]> {
  const rows = await db.file.findMany({
    where: { id: { in: [...ids] }, ownerId: actor.owner },
    select: { id: true },
  })
  const existing = new Set(rows.map(({ id }) => id))
  if (existing.size === 0) throw refusal("not_found", "no_file")
  const places = inputs.map((input, place) => ({ input, id: ids[place] ?? "" }))
  const missing = places.filter(({ id }) => !existing.has(id))
  const started = await startUploads(
    actor,
    missing.map(({ input }) => input),
    { ids: missing.map(({ id }) => id), ifNew },
  )
  const answers = new Map(missing.map(({ id }, place) => [id, started[place]]))
  return Promise.all(places.map(({ id }) => answers.get(id) ?? resumed(actor.owner, id)))
}

const resumed = (owner: OwnerId, id: string) =>
  repeatUpload(owner, id).catch((error: unknown) => {
    if (error instanceof Refusal) return error
    throw error
  })
