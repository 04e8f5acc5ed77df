import fs from "node:fs"
import type { FileView, MemberClient } from "../member-client.ts"
import { read } from "../member-client.ts"

type Started = {
  file: FileView
  upload: { method: "multipart"; partSize: number; partCount: number }
}
type Parts = { parts: { url: string; headers: Record<string, string> }[] }

/** Uploads a file with this many zero bytes, in parts. */
export async function uploadLarge(member: MemberClient, name: string, size: number) {
  const asked = { name, size, contentType: "application/octet-stream" }
  const { file, upload } = await read<Started>(await member.post("/files", asked), 201)
  for (let number = 1; number <= upload.partCount; number++) {
    const signed = await member.post(`/files/${file.id}/parts`, { partNumbers: [number] })
    const { parts } = await read<Parts>(signed, 200)
    const left = size - (number - 1) * upload.partSize
    const body = new Uint8Array(Math.min(upload.partSize, left))
    const { url = "", headers = {} } = parts[0] ?? {}
    const { status } = await fetch(url, { method: "PUT", headers, body })
    if (status !== 200) throw new Error(`The store answered ${status}.`)
  }
  return read<FileView>(await member.post(`/files/${file.id}/complete`), 200)
}

type OnDisk = { path: string; size: number; sha256: string }

/** Uploads a file from the disk in parts, and sends its SHA-256 unless `isStated` is false. */
export async function uploadFromDisk(
  member: MemberClient,
  name: string,
  { path, size, sha256 }: OnDisk,
  { isStated = true } = {},
) {
  const asked = { name, size, contentType: "application/octet-stream" }
  const { file, upload } = await read<Started>(await member.post("/files", asked), 201)
  const disk = fs.openSync(path, "r")
  for (let number = 1; number <= upload.partCount; number++) {
    const signed = await member.post(`/files/${file.id}/parts`, { partNumbers: [number] })
    const { parts } = await read<Parts>(signed, 200)
    const at = (number - 1) * upload.partSize
    const body = new Uint8Array(Math.min(upload.partSize, size - at))
    fs.readSync(disk, body, 0, body.length, at)
    const { url = "", headers = {} } = parts[0] ?? {}
    const { status } = await fetch(url, { method: "PUT", headers, body })
    if (status !== 200) throw new Error(`The store answered ${status}.`)
  }
  fs.closeSync(disk)
  const stated = isStated ? { sha256 } : undefined
  return read<FileView>(await member.post(`/files/${file.id}/complete`, stated), 200)
}
