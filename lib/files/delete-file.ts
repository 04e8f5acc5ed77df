import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { addJob } from "#lib/queue.ts"
import { fileIdOrRefuse, noSuchFile } from "./file-view.ts"

/**
 * Deletes a file or cancels its upload: from now on no share gives it out, its bytes go, and its
 * size is given back to the member's quota. Refuses `not_found`.
 */
export async function deleteFile(owner: MemberId, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const [file] = await tx.file.updateManyAndReturn({
      where: { id: fileIdOrRefuse(id), ownerId: owner, deletedAt: null },
      data: { deletedAt: new Date(), objectKey: null },
      select: { id: true, size: true },
    })
    if (!file) throw noSuchFile()
    await tx.member.update({
      where: { id: owner },
      data: { usedBytes: { decrement: file.size } },
      select: { id: true },
    })
    // A statement of its own, so that it sees an object which came while the file's row was waited for.
    const doomed = await tx.object.updateManyAndReturn({
      where: { fileId: file.id, state: { not: "doomed" } },
      data: { state: "doomed", doomedAt: new Date() },
      select: { key: true },
    })
    for (const { key } of doomed) await addJob(tx, "destroyObject", { key })
  })
}
