import type { IncomingMessage } from "node:http"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { headObject } from "#lib/adapters/storage.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { type Fate, throughStoreProxy } from "#testing/store/store-proxy.ts"
import { rekeyFile } from "./rekey-file.ts"

async function aRekeyable() {
  const owner = await aMember()
  const { id: fileId } = await aFile({ owner, bytes: "12345" })
  const { key } = await db.object.findFirstOrThrow({ where: { fileId } })
  const file = { fileId, kind: "file", key, size: 5, contentType: "application/pdf" } as const
  const used = async () => (await readUsage(owner)).usedBytes
  return { owner, file, used }
}

describe("a file that has another key", () => {
  it("counts once in the quota, and once more after its deletion as long as its first address works", async () => {
    const { owner, file, used } = await aRekeyable()

    expect(await rekeyFile(file)).toBe(true)
    expect(await used()).toBe(5)
    await deleteFile(owner, file.fileId)
    await destroyDoomed()
    expect(await used()).toBe(5)

    await endUploadUrls()
    await destroyDoomed()
    await destroyDoomed()
    expect(await used()).toBe(0)
  })

  it("is left alone when it was deleted during the copy, and nothing of it is stored", async () => {
    const { owner, file, used } = await aRekeyable()
    let copies = 0
    const deleteDuringCopy = async ({ headers }: IncomingMessage): Promise<Fate> => {
      if (!headers["x-amz-copy-source"]) return "forwarded"
      copies++
      await deleteFile(owner, file.fileId)
      await destroyDoomed()
      return "forwarded"
    }

    const rekeyed = await throughStoreProxy(deleteDuringCopy, () => rekeyFile(file))

    expect([rekeyed, copies]).toEqual([false, 1])
    await endUploadUrls()
    await destroyDoomed()
    for (const { key } of await db.object.findMany()) expect(await headObject(key)).toBeNull()
    expect(await used()).toBe(0)
  })
})
