import "server-only"
import { importedHashes } from "#lib/adapters/secrets.ts"
import type { App, SourceShare } from "#lib/rooms/imports/sources/source.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { MAX_SHARE_FILES } from "#lib/rooms/shares/share.ts"
import { type Found, findImported, findOldLinks } from "./find-imported.ts"
import { isKept } from "./kept-password.ts"
import type { FileOfShare, Hash, LeaveOut, NewShare } from "./plan.ts"

type Sharing = {
  /** Returns the address of the member who becomes the owner of this app member's shares. */
  ownerOf: (id: string | null) => string
  /** The files that are or will be imported, by their ids in the app. */
  files: Map<string, { owner: string; fileId: string | null }>
  leaveOut: LeaveOut
}

const LINK_ID = /^[A-Za-z0-9_-]{1,64}$/

/** Plans the shares of an app: new ones, and existing ones that get files which were missing. */
export async function planShares(app: App, sources: SourceShare[], sharing: Sharing) {
  const taken = await findOldLinks(sources.flatMap(({ linkIds }) => linkIds))
  const { verifiedOnly } = await readSettings()
  const shares: NewShare[] = []
  let here = 0
  for (const found of await findImported("share", app, sources)) {
    const owner = sharing.ownerOf(found.source.ownerId)
    const files = found.source.fileIds.flatMap((sourceId): FileOfShare[] => {
      const file = sharing.files.get(sourceId)
      return file?.owner === owner ? [{ sourceId, fileId: file.fileId }] : []
    })
    const planned = found.row
      ? completed(found, owner, files)
      : planShare(found, owner, files, { taken, verifiedOnly, leaveOut: sharing.leaveOut })
    if (found.row) here++
    if (planned) shares.push(planned)
  }
  return { shares, here }
}

function completed({ source, hash, row }: Found<SourceShare>, owner: string, all: FileOfShare[]) {
  const files = all.filter(({ fileId }) => fileId === null)
  const shareId = row?.shareId ?? null
  if (shareId === null || files.length === 0) return null
  return { source, owner, hash, shareId, files, links: [], losesPassword: false }
}

/** Returns the name of a share in a report: its title, otherwise its address. */
export const nameOfShare = ({ title, linkIds, id }: SourceShare) =>
  `the share “${title || linkIds[0] || id}”`

type Planning = { taken: Set<string>; verifiedOnly: boolean; leaveOut: LeaveOut }

function planShare(
  { source, hash }: Found<SourceShare>,
  owner: string,
  all: FileOfShare[],
  { taken, verifiedOnly, leaveOut }: Planning,
): NewShare | null {
  const what = `${nameOfShare(source)} of ${owner}`
  if (all.length === 0) {
    leaveOut(what, "none of its files can be imported")
    return null
  }
  const files = all.slice(0, MAX_SHARE_FILES)
  const missing = source.fileIds.length - files.length
  if (missing > 0) leaveOut(`${missing} files of ${what}`, "it comes without them")
  const losesPassword = source.passwordHash !== null && !isKept(source.passwordHash)
  if (losesPassword)
    leaveOut(`the password of ${what}`, "nobody can open it until its owner sets another")
  if (verifiedOnly)
    leaveOut(
      `the link of ${what}`,
      "a setting asks for recipients with a code, whom its owner adds",
    )
  const links = source.linkIds.flatMap((id): Hash[] => {
    const address = `the address …/${id} of ${what}`
    if (!LINK_ID.test(id)) leaveOut(address, "it has characters that no link of the app has")
    else if (taken.has(id)) leaveOut(address, "another imported share has it")
    else return importedHashes("link", id).slice(0, 1)
    return []
  })
  return { source, owner, hash, shareId: null, files, links, losesPassword }
}
