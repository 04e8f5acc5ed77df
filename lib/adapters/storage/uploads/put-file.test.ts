import { createHash, randomBytes } from "node:crypto"
import fs, { open } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { headObject, readObject } from "#lib/adapters/storage/objects.ts"
import { listMultiparts } from "./multipart.ts"
import { MIN_FILE_PART_BYTES, putFile } from "./put-file.ts"

async function aFileOf(bytes: Buffer) {
  const directory = await fs.mkdtemp(path.join(tmpdir(), "lapse-put-"))
  await fs.writeFile(path.join(directory, "file"), bytes)
  const file = await open(path.join(directory, "file"))
  onTestFinished(async () => {
    await file.close()
    await fs.rm(directory, { recursive: true })
  })
  return file
}

const newKey = () => `o/${randomBytes(20).toString("hex")}`

it.each([0, 1, MIN_FILE_PART_BYTES, MIN_FILE_PART_BYTES + 1, 2 * MIN_FILE_PART_BYTES + 5])(
  "stores a file of %i bytes, in parts where it is large, and reads it back",
  async (size) => {
    const bytes = randomBytes(size)
    const key = newKey()
    const sending = { key, file: await aFileOf(bytes), size, contentType: "text/plain" }
    const sha256 = createHash("sha256").update(bytes).digest("hex")
    await putFile(sending)
    expect(await headObject(key)).toMatchObject({ size, contentType: "text/plain" })
    const read = createHash("sha256")
    for await (const part of readObject(key)) read.update(part)
    expect(read.digest("hex")).toBe(sha256)
  },
)

it("stores nothing of a file that is shorter than announced", async () => {
  const size = MIN_FILE_PART_BYTES + 5
  for (const held of [size - 1, 3]) {
    const key = newKey()
    const file = await aFileOf(randomBytes(held))
    const sending = { key, file, size, contentType: "text/plain" }
    await expect(putFile(sending)).rejects.toThrow(/became shorter/)
    expect(await headObject(key)).toBeNull()
    for await (const left of listMultiparts(key)) expect.unreachable(left.uploadId)
  }
})
