import { randomUUID } from "node:crypto"
import { db } from "#lib/db.ts"
import { linkToken, newPublicId } from "#lib/secrets.ts"
import { aMember } from "./a-member.ts"

type Given = {
  name: string
  path?: string
  status?: "ready" | "uploading" | "abandoned"
  size?: number
}

/** A share of any number of files, in this order; their bytes are not in the store. */
export async function aShareOfFiles(given: Given[]) {
  const ownerId = await aMember()
  const files = given.map((file) => ({ ...file, id: randomUUID() }))
  const now = new Date()
  await db.file.createMany({
    data: files.map(({ id, name, path = "", size = 10, status }) => ({
      id,
      ownerId,
      name,
      path,
      size: BigInt(size),
      contentType: "text/plain",
      status: status === "abandoned" ? status : "uploading",
    })),
  })
  const ready = files.filter(({ status = "ready" }) => status === "ready")
  await db.object.createMany({
    data: ready.map(({ id }) => ({
      key: keyOf(id),
      fileId: id,
      state: "live",
      putExpiresAt: now,
      liveSince: now,
    })),
  })
  await db.$executeRaw`
    UPDATE file SET status = 'ready', ready_at = now(), object_key = object.key
    FROM object WHERE object.file_id = file.id AND file.id = ANY(${ready.map(({ id }) => id)}::uuid[])`
  const publicId = newPublicId()
  const share = await db.share.create({
    data: { ownerId, title: "The files", maxTtlSeconds: 60, links: { create: { publicId } } },
  })
  const ids = files.map(({ id }) => id)
  await db.shareFile.createMany({
    data: ids.map((fileId, position) => ({ shareId: share.id, fileId, position })),
  })
  return { ownerId, shareId: share.id, publicId, token: linkToken(publicId), ids }
}

const keyOf = (id: string) => `o/${id.replaceAll("-", "")}`
