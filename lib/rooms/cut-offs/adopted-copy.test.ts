import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { readColour } from "#lib/adapters/storage.ts"
import { adoptCopy } from "#lib/rooms/files/objects/adopt-copies.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { aSharedFile, statusOf } from "#testing/builders/shared-file.ts"
import { keepDatabase } from "#testing/database/database-snapshot.ts"
import { cutOffFile } from "./cut-off-file.ts"
import { rekeyFile } from "./rekey-file.ts"

/** Makes a file whose copy without a row was adopted, and an earlier URL of the copy. */
async function anAdoptedFile() {
  const shared = await aSharedFile()
  const id = shared.fileId
  const objectKey = async () => (await db.file.findUniqueOrThrow({ where: { id } })).objectKey ?? ""
  const putBack = await keepDatabase()
  const key = await objectKey()
  await rekeyFile({ fileId: id, kind: "file", key, size: 12, contentType: "text/plain" })
  await destroyObject(key)
  const kept = await shared.click()
  const copy = await objectKey()
  await putBack()
  expect(await adoptCopy({ id, key, copy })).toBe(true)
  return { ...shared, copy, kept }
}

const cutOffs = async ({ owner, fileId }: Awaited<ReturnType<typeof anAdoptedFile>>) =>
  (await cutOffFile(owner, fileId)).cutOff

it("an adopted copy has the colour of its tag, and downloads", async () => {
  const { copy, click } = await anAdoptedFile()

  const { colour, state } = await db.object.findUniqueOrThrow({ where: { key: copy } })

  expect(colour).not.toBeNull()
  expect([state, colour]).toEqual(["live", await readColour(copy)])
  expect(await statusOf(await click())).toBe(200)
})

it("a cut off copies an adopted copy while a URL from before may work, and later recolours it", async () => {
  const soon = await anAdoptedFile()
  const later = await anAdoptedFile()
  await db.$executeRaw`
    UPDATE object SET left_colours = jsonb_build_object('', clock_timestamp() - interval '310 seconds')
    WHERE key = ${later.copy}`
  const kept = [soon.kept, await soon.click(), await later.click()]

  expect(await cutOffs(soon)).toMatchObject({ state: "done", how: "rekeyed" })
  expect(await cutOffs(later)).toMatchObject({ state: "done", how: "recoloured" })

  for (const url of kept) expect([403, 404]).toContain(await statusOf(url))
})
