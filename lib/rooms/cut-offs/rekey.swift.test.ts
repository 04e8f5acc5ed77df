import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { headObject } from "#lib/adapters/storage.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { rekeyFile } from "./rekey-file.ts"

it("a file that came in parts gets another key at once", async () => {
  const { id: fileId } = await aFile({ owner: await aMember(), bytes: "12345" })
  const { key, partSize } = await db.object.findFirstOrThrow({ where: { fileId } })
  expect(partSize).not.toBeNull()

  const file = { fileId, kind: "file", key, size: 5, contentType: "application/pdf" } as const
  expect(await rekeyFile(file)).toBe(true)

  expect(await headObject(key)).toBeNull()
  const copy = await db.object.findFirstOrThrow({ where: { fileId, state: "live" } })
  expect(await headObject(copy.key)).toMatchObject({ size: 5, fileId })
})
