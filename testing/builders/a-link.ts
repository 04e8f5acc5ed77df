import { randomBytes, randomUUID } from "node:crypto"
import { db, type Prisma } from "#lib/adapters/database.ts"
import { linkToken, newPublicId } from "#lib/adapters/secrets.ts"
import { inDays } from "#testing/units.ts"

type Conditions = {
  title?: string
  startsAt?: Date | null
  expiresAt?: Date | null
  revokedAt?: Date | null
  passwordHash?: string | null
  passwordVersion?: number
  maxDownloads?: number | null
  downloads?: number
  direct?: boolean
  preview?: boolean
  viewOnly?: boolean
  watermark?: boolean
  mintTtlSeconds?: number | null
  maxTtlSeconds?: number
  minted?: boolean
  /** The names of the files; all are ready. */
  files?: string[]
  /** Makes the link a recipient's, with these columns. */
  recipient?: Recipient
  /** A link whose member and files are shared again, instead of new ones. */
  like?: { ownerId: string; fileIds: string[] }
}

type Recipient = Omit<Prisma.LinkUncheckedCreateInput, "shareId" | "publicId" | "open">

/** A share of a new member, with one link and ready files whose bytes are not in the store. */
export async function aLink({ files, like, recipient, ...conditions }: Conditions = {}) {
  const { ownerId, fileIds } = like ?? (await newFiles(files ?? ["report.pdf"]))
  const publicId = newPublicId()
  const share = await db.share.create({
    data: {
      ownerId,
      title: "The report",
      firstName: files?.[0] ?? "report.pdf",
      expiresAt: inDays(7),
      maxTtlSeconds: 60,
      ...conditions,
      files: { create: fileIds.map((fileId, position) => ({ fileId, position })) },
      links: { create: { publicId, open: recipient === undefined, ...recipient } },
    },
    include: { links: true },
  })
  const [fileId = ""] = fileIds
  return {
    ownerId,
    shareId: share.id,
    linkId: share.links[0]?.id ?? "",
    publicId,
    token: linkToken(publicId, "share", recipient === undefined),
    fileId,
    fileIds,
  }
}

/** Another link to the share of one, for a recipient. */
export async function aRecipientOf<Link extends { shareId: string }>(
  link: Link,
  recipient: Recipient,
) {
  const { shareId } = link
  const publicId = newPublicId()
  const { id: linkId } = await db.link.create({
    data: { shareId, publicId, open: false, ...recipient },
  })
  return { ...link, linkId, publicId, token: linkToken(publicId, "share", false) }
}

async function newFiles(names: string[]) {
  const owner = await db.member.create({
    data: {
      email: `${randomUUID()}@example.org`,
      name: "Ada Lovelace",
      passwordHash: "none",
    },
  })
  const fileIds: string[] = []
  for (const name of names) fileIds.push(await aReadyFile(owner.id, name))
  return { ownerId: owner.id, fileIds }
}

async function aReadyFile(ownerId: string, name: string) {
  const file = await db.file.create({
    data: { ownerId, name, size: 1234n, contentType: "application/pdf" },
  })
  const key = `o/${randomBytes(16).toString("hex")}`
  const now = new Date()
  await db.object.create({
    data: { key, fileId: file.id, state: "live", putExpiresAt: now, liveSince: now },
  })
  await db.file.update({
    where: { id: file.id },
    data: { status: "ready", objectKey: key, readyAt: now },
  })
  return file.id
}
