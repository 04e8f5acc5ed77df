import { randomBytes } from "node:crypto"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { presign } from "#lib/rooms/claims/grant.ts"
import { preview } from "#lib/rooms/claims/look/preview.ts"
import { newVisitId } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import type { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import { cutOffFile } from "#lib/rooms/cut-offs/cut-off-file.ts"
import { findFileCutOff } from "#lib/rooms/cut-offs/read-cut-off.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { cutOffShare } from "#lib/rooms/shares/revoke/cut-off-share.ts"
import { source } from "#testing/look-and-click.ts"
import { aFile } from "./a-file.ts"
import { aMember } from "./a-member.ts"
import { aShare } from "./a-share.ts"

/** Clicks on a link as a visitor: a new claim of these files, or of all. */
export async function clickOn(shareUrl: string, fileIds: string[] | null): Promise<string[]> {
  const publicId = readLinkToken(new URL(shareUrl).pathname.slice("/s/".length))
  if (!publicId) throw new Error("The link has no token.")
  const cookies = { visitId: newVisitId(), ticket: null, unlock: null }
  const grant = await claim({ publicId, fileIds, cookies, directOnly: false, source })
  return Promise.all(grant.files.map((file) => presign(grant, file)))
}

/** Returns the URL by which a new visitor previews a file. */
export async function lookAt(shareUrl: string, fileId: string): Promise<string> {
  const publicId = readLinkToken(new URL(shareUrl).pathname.slice("/s/".length))
  if (!publicId) throw new Error("The link has no token.")
  const cookies = { visitId: newVisitId(), ticket: null, unlock: null }
  const { url } = await preview({ publicId, fileId, cookies, source, address: newAddress() })
  return url
}

/** A new address, so that earlier visits do not slow the request down. */
const newAddress = () => [10, ...randomBytes(3)].join(".")

export type SharedFile = {
  owner: PersonId
  fileId: string
  shareId: string
  /** Claims the file as a new visitor and returns its URL. */
  click(): Promise<string>
  /** Previews the file as a new visitor and returns the URL. */
  look(): Promise<string>
}

/** A share of a ready file: of a new one, or of an existing one. */
export async function aSharedFile({
  owner,
  fileId,
}: {
  owner?: PersonId
  fileId?: string
} = {}): Promise<SharedFile> {
  const ownerId = owner ?? (await aMember())
  const id = fileId ?? (await aFile({ owner: ownerId, bytes: "secret bytes" })).id
  const share = await aShare({ owner: ownerId, fileIds: [id] })
  const click = async () => {
    const [url] = await clickOn(share.url, [id])
    if (!url) throw new Error("A click on a file has one URL.")
    return url
  }
  const look = () => lookAt(share.url, id)
  return { owner: ownerId, fileId: id, shareId: share.id, click, look }
}

/** Cuts off a file and waits for the end: the call itself waits two seconds at most. */
export async function cutOffFileToEnd({ owner, fileId }: Pick<SharedFile, "owner" | "fileId">) {
  await cutOffFile(owner, fileId)
  return untilEnded(() => findFileCutOff(fileId))
}

/** Cuts off a share and waits for the end: the call itself waits two seconds at most. */
export async function cutOffShareToEnd(shared: Pick<SharedFile, "owner" | "shareId">) {
  await cutOffShare(shared.owner, shared.shareId)
  return endedShareCutOff(shared)
}

/** Waits for the end of a share's cut off and returns it. */
export const endedShareCutOff = ({ owner, shareId }: Pick<SharedFile, "owner" | "shareId">) =>
  untilEnded(async () => (await requireShare(owner, shareId)).cutOff)

async function untilEnded(read: () => Promise<CutOffView | null>) {
  for (;;) {
    const cutOff = await read()
    if (cutOff?.state !== "running") return cutOff
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Returns the status with which the store answers a kept URL. */
export async function statusOf(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers })
  await answer.body?.cancel()
  return answer.status
}
