import type { FileView, MemberClient } from "../member-client.ts"
import { read } from "../member-client.ts"

type Client = Pick<MemberClient, "post">
export type NewFile = { name: string; path?: string; bytes: Buffer; sha256?: string }

/**
 * Uploads small files into their folders, several at once; returns their ids in the order given.
 */
export async function uploadFiles(member: Client, files: NewFile[]): Promise<string[]> {
  const ids: string[] = []
  let next = 0
  const work = async () => {
    for (let at = next++; at < files.length; at = next++) {
      const file = files[at]
      if (file) ids[at] = await uploadFile(member, file)
    }
  }
  await Promise.all([1, 2, 3, 4, 5, 6].map(work))
  return ids
}

async function uploadFile(member: Client, { name, path = "", bytes, sha256 }: NewFile) {
  const size = bytes.length
  const asked = { name, path, size, ...(sha256 && { sha256 }) }
  const begun = await read<Begun>(await member.post("/files", asked), 201)
  const { id } = begun.file
  if (begun.upload.method === "put") await put(begun.upload, bytes)
  else {
    const { partSize, partCount } = begun.upload
    const partNumbers = Array.from({ length: partCount }, (_, at) => at + 1)
    const signed = await member.post(`/files/${id}/parts`, { partNumbers })
    const { parts } = await read<{ parts: Target[] }>(signed, 200)
    for (const [at, part] of parts.entries())
      await put(part, bytes.subarray(at * partSize, (at + 1) * partSize))
  }
  await read(await member.post(`/files/${id}/complete`), 200)
  return id
}

type Target = { url: string; headers?: Record<string, string> }
type Begun = {
  file: FileView
  upload:
    | (Target & { method: "put" })
    | { method: "multipart"; partSize: number; partCount: number }
}

async function put({ url, headers = {} }: Target, bytes: Buffer) {
  const { status } = await fetch(url, { method: "PUT", headers, body: new Uint8Array(bytes) })
  if (status !== 200) throw new Error(`The store answered ${status}.`)
}
