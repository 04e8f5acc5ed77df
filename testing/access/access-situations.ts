import { randomBytes, randomUUID } from "node:crypto"
import { db } from "#lib/adapters/database.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import type { Ticket, Unlock } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { future, past } from "#testing/units.ts"
import { type Outcome, VERBS, type VerbName } from "./verbs.ts"

/** A link with two files that have thumbnails; visitors request the first one. */
export type Link = Awaited<ReturnType<typeof aLink>>

export async function aPicturedLink(conditions: Parameters<typeof aLink>[0]) {
  const link = await aLink({ files: ["a.pdf", "b.pdf"], minted: true, ...conditions })
  if (!conditions?.like) for (const fileId of link.fileIds) await addThumbnail(fileId)
  return link
}

async function addThumbnail(fileId: string) {
  const key = `o/${randomBytes(16).toString("hex")}`
  const picture = {
    size: 10n,
    contentType: "image/webp",
    putExpiresAt: past(),
    liveSince: past(),
  }
  await db.object.create({ data: { key, fileId, kind: "thumbnail", state: "live", ...picture } })
  await db.file.update({ where: { id: fileId }, data: { thumbnailKey: key } })
}

export type Situation = {
  what: string
  conditions?: Parameters<typeof aLink>[0]
  /** Gives the visitor a valid ticket, with these changes. */
  ticket?: Partial<Ticket>
  /** Gives the visitor a valid proof of the password, with these changes. */
  unlock?: Partial<Unlock>
  /** Whether the visit has a counted claim. */
  claimed?: true
  /** Sets up a state that the builder cannot make; called for each of some links to the same files. */
  given?: (link: Link) => Promise<unknown>
  /** Asks for something other than the link's first file. */
  asks?: () => Promise<{ fileId: string } | { publicId: Uint8Array }>
  answers: Partial<Record<VerbName, Outcome>>
}

const all = (outcome: Outcome) =>
  Object.fromEntries(Object.keys(VERBS).map((verb) => [verb, outcome])) as Record<VerbName, Outcome>
const ofFile = (outcome: Outcome) => {
  const { "claim of all": _, "mint of all": __, page: ___, ...others } = all(outcome)
  return others
}
const mints = (outcome: Outcome) => ({ mint: outcome, "mint of all": outcome })
const looks = (outcome: Outcome) => ({
  preview: outcome,
  thumbnail: outcome,
  "HEAD of a preview": outcome,
})
const closed = (outcome: Outcome) => ({ ...all(outcome), ...mints("no ticket") })
/** An open link, for a visitor without a ticket. */
const OPEN = { ...all("yes"), ...mints("no ticket"), "GET of a file": "not_direct" } as const
const setting = (name: "directLinks" | "previews") => () => {
  const data = { name, value: false, changedById: randomUUID() }
  return db.setting.upsert({ where: { name }, create: data, update: {} })
}
const setFile = (data: object) => (link: Link) =>
  db.file.update({ where: { id: link.fileId }, data })

const MARIA = { name: "Maria" }
/** A recipient who needs a code. */
const CODED = { ...MARIA, address: "maria@example.org", verify: true }
const USED_UP = { ...MARIA, maxDownloads: 1, downloads: 1 }
const NOT_OPEN_YET = { maxDownloads: 1, downloads: 1, startsAt: future() }

/** The states that a link can be in for a visitor, with the answer of each verb. */
export const SITUATIONS: Situation[] = [
  { what: "open", answers: OPEN },
  { what: "open, with a ticket", ticket: {}, answers: { ...OPEN, ...mints("yes") } },
  { what: "scheduled", conditions: { startsAt: future() }, answers: closed("scheduled") },
  {
    what: "scheduled, with a ticket",
    conditions: { startsAt: future() },
    ticket: {},
    answers: all("scheduled"),
  },
  { what: "expired", conditions: { expiresAt: past() }, answers: closed("expired") },
  {
    what: "expired, with a ticket",
    conditions: { expiresAt: past() },
    ticket: {},
    answers: all("expired"),
  },
  { what: "revoked", conditions: { revokedAt: past() }, answers: closed("revoked") },
  {
    what: "revoked, with a ticket",
    conditions: { revokedAt: past() },
    ticket: {},
    answers: all("revoked"),
  },
  {
    what: "limited",
    conditions: { maxDownloads: 2 },
    answers: { ...OPEN, ...looks("needs_claim") },
  },
  {
    what: "limited, with a ticket",
    conditions: { maxDownloads: 2, downloads: 1 },
    ticket: {},
    answers: { ...OPEN, ...mints("yes") },
  },
  {
    what: "limited, and the visit has its claim",
    conditions: { maxDownloads: 2, downloads: 1 },
    claimed: true,
    answers: { ...OPEN, ...looks("needs_claim") },
  },
  {
    what: "used up",
    conditions: { maxDownloads: 1, downloads: 1 },
    answers: closed("used_up"),
  },
  {
    what: "used up, with a ticket",
    conditions: { maxDownloads: 1, downloads: 1 },
    ticket: {},
    answers: {
      ...all("yes"),
      claim: "used_up",
      "claim of files": "used_up",
      "claim of all": "used_up",
      "GET of a file": "used_up",
    },
  },
  {
    what: "used up, and the visit has its claim",
    conditions: { maxDownloads: 1, downloads: 1 },
    claimed: true,
    answers: { ...OPEN, ...looks("used_up"), HEAD: "used_up" },
  },
  {
    what: "revoked, expired, used up and not open yet",
    conditions: { ...NOT_OPEN_YET, revokedAt: past(), expiresAt: past() },
    answers: closed("revoked"),
  },
  {
    what: "expired, used up and not open yet",
    conditions: { ...NOT_OPEN_YET, expiresAt: past() },
    answers: closed("expired"),
  },
  {
    what: "used up and not open yet",
    conditions: NOT_OPEN_YET,
    answers: closed("used_up"),
  },
  {
    what: "limited and locked",
    conditions: { maxDownloads: 2, passwordHash: "x" },
    answers: closed("locked"),
  },
  {
    what: "limited, and its file was deleted",
    conditions: { maxDownloads: 2 },
    given: setFile({ deletedAt: past() }),
    answers: {
      ...OPEN,
      ...ofFile("deleted"),
      ...looks("needs_claim"),
      mint: "no ticket",
      "GET of a file": "not_direct",
    },
  },
  { what: "a recipient's", conditions: { recipient: MARIA }, answers: OPEN },
  {
    what: "a recipient's and revoked",
    conditions: { recipient: { ...MARIA, revokedAt: past() } },
    answers: closed("revoked"),
  },
  {
    what: "a recipient's and revoked, with a ticket",
    conditions: { recipient: { ...MARIA, revokedAt: past() } },
    ticket: {},
    answers: all("revoked"),
  },
  {
    what: "a recipient's with a limit of its own",
    conditions: { recipient: { ...MARIA, maxDownloads: 2 } },
    answers: { ...OPEN, ...looks("needs_claim") },
  },
  {
    what: "a recipient's, and its own limit is used up",
    conditions: { recipient: USED_UP },
    answers: closed("used_up"),
  },
  {
    what: "a recipient's whose own limit is used up, with a ticket",
    conditions: { recipient: USED_UP },
    ticket: {},
    answers: {
      ...all("yes"),
      claim: "used_up",
      "claim of files": "used_up",
      "claim of all": "used_up",
      "GET of a file": "used_up",
    },
  },
  {
    what: "a recipient's whose own limit is used up, and the visit has its claim",
    conditions: { recipient: USED_UP },
    claimed: true,
    answers: { ...OPEN, ...looks("used_up"), HEAD: "used_up" },
  },
  {
    what: "a recipient's, and the share is used up",
    conditions: { maxDownloads: 1, downloads: 1, recipient: { ...MARIA, maxDownloads: 5 } },
    answers: closed("used_up"),
  },
  {
    what: "a recipient's, with a ticket from before the proofs were voided",
    conditions: { recipient: { ...MARIA, proofVersion: 1 } },
    ticket: {},
    answers: OPEN,
  },
  {
    what: "a recipient's and locked, and was unlocked before the proofs were voided",
    conditions: { passwordHash: "x", recipient: { ...MARIA, proofVersion: 1 } },
    unlock: {},
    answers: closed("locked"),
  },
  {
    what: "a recipient's and unlocked, with the sum of both versions",
    conditions: { passwordHash: "x", passwordVersion: 2, recipient: { ...MARIA, proofVersion: 1 } },
    unlock: { proofVersion: 3 },
    answers: OPEN,
  },
  {
    what: "a recipient's with a code",
    conditions: { recipient: CODED },
    answers: closed("verify"),
  },
  {
    what: "a recipient's with a code, which was entered",
    conditions: { recipient: CODED },
    unlock: { isCode: true },
    answers: OPEN,
  },
  {
    what: "a recipient's with a code, which was entered before the proofs were voided",
    conditions: { recipient: { ...CODED, proofVersion: 1 } },
    unlock: { isCode: true },
    answers: closed("verify"),
  },
  {
    what: "a recipient's with a code, which was entered for another link",
    conditions: { recipient: CODED },
    unlock: { isCode: true, linkId: randomUUID() },
    answers: closed("verify"),
  },
  {
    what: "a recipient's with a code and a password, with neither",
    conditions: { passwordHash: "x", recipient: CODED },
    answers: closed("verify"),
  },
  {
    what: "a recipient's with a code and a password, of which only the code was entered",
    conditions: { passwordHash: "x", recipient: CODED },
    unlock: { isCode: true },
    answers: closed("locked"),
  },
  {
    what: "a recipient's with a code and a password, which were entered",
    conditions: { passwordHash: "x", recipient: CODED },
    unlock: {},
    answers: OPEN,
  },
  {
    what: "a recipient's with a code, with a ticket",
    conditions: { recipient: CODED },
    ticket: {},
    answers: {
      ...all("yes"),
      claim: "verify",
      "claim of files": "verify",
      "claim of all": "verify",
      "GET of a file": "verify",
    },
  },
  { what: "locked", conditions: { passwordHash: "x" }, answers: closed("locked") },
  { what: "unlocked", conditions: { passwordHash: "x" }, unlock: {}, answers: OPEN },
  {
    what: "locked, and unlocked by an earlier password",
    conditions: { passwordHash: "x", passwordVersion: 1 },
    unlock: { proofVersion: 0 },
    answers: closed("locked"),
  },
  {
    what: "locked, and another link is unlocked",
    conditions: { passwordHash: "x" },
    unlock: { linkId: randomUUID() },
    answers: closed("locked"),
  },
  {
    what: "locked, and was unlocked too long ago",
    conditions: { passwordHash: "x" },
    unlock: { expiresAt: past() },
    answers: closed("locked"),
  },
  {
    what: "locked, with a ticket",
    conditions: { passwordHash: "x" },
    ticket: {},
    answers: {
      ...all("yes"),
      claim: "locked",
      "claim of files": "locked",
      "claim of all": "locked",
      "GET of a file": "locked",
    },
  },
  { what: "open, with a ticket of an earlier epoch", ticket: { epoch: -1 }, answers: OPEN },
  {
    what: "open, with a ticket of another password",
    ticket: { proofVersion: 1 },
    answers: OPEN,
  },
  { what: "open, with a ticket of another link", ticket: { linkId: randomUUID() }, answers: OPEN },
  { what: "open, with a ticket that is over", ticket: { expiresAt: past() }, answers: OPEN },
  {
    what: "limited, with a ticket that is over",
    conditions: { maxDownloads: 2 },
    ticket: { expiresAt: past() },
    answers: { ...OPEN, ...looks("needs_claim") },
  },
  {
    what: "view-only",
    conditions: { viewOnly: true },
    answers: {
      ...OPEN,
      claim: "view_only",
      "claim of files": "view_only",
      "GET of a file": "view_only",
      HEAD: "view_only",
    },
  },
  {
    what: "view-only, with a ticket",
    conditions: { viewOnly: true },
    ticket: {},
    answers: {
      ...all("yes"),
      claim: "view_only",
      "claim of files": "view_only",
      "GET of a file": "view_only",
      mint: "view_only",
      HEAD: "view_only",
    },
  },
  {
    what: "a direct link",
    conditions: { direct: true },
    answers: { ...OPEN, "GET of a file": "yes" },
  },
  {
    what: "a direct link, while admins switched those off",
    conditions: { direct: true },
    given: setting("directLinks"),
    answers: OPEN,
  },
  {
    what: "without previews",
    conditions: { preview: false },
    answers: { ...OPEN, ...looks("no_preview") },
  },
  {
    what: "open, while admins switched previews off",
    given: setting("previews"),
    answers: { ...OPEN, ...looks("no_preview") },
  },
  {
    what: "open, and its file was taken out",
    given: ({ shareId, fileId }) =>
      db.shareFile.updateMany({ where: { shareId, fileId }, data: { removedAt: past() } }),
    answers: { ...OPEN, ...ofFile("missing"), mint: "no ticket", "GET of a file": "not_direct" },
  },
  {
    what: "open, and another share's file is asked for",
    asks: async () => ({ fileId: (await aLink()).fileId }),
    answers: { ...OPEN, ...ofFile("missing"), mint: "no ticket", "GET of a file": "not_direct" },
  },
  {
    what: "open with a ticket, and an unknown file is asked for",
    ticket: {},
    asks: async () => ({ fileId: randomUUID() }),
    answers: { ...all("yes"), ...ofFile("missing"), "GET of a file": "not_direct" },
  },
  {
    what: "open with a ticket, and its file was deleted",
    ticket: {},
    given: setFile({ deletedAt: past() }),
    answers: { ...all("yes"), ...ofFile("deleted"), "GET of a file": "not_direct" },
  },
  {
    what: "open with a ticket, and its file is being uploaded",
    ticket: {},
    given: setFile({ status: "uploading" }),
    answers: { ...all("yes"), ...ofFile("uploading"), "GET of a file": "not_direct" },
  },
  {
    what: "open with a ticket, and its file is being checked",
    ticket: {},
    given: setFile({ status: "checking" }),
    answers: { ...all("yes"), ...ofFile("uploading"), "GET of a file": "not_direct" },
  },
  {
    what: "open with a ticket, and its file is held",
    ticket: {},
    given: setFile({ status: "held" }),
    answers: { ...all("yes"), ...ofFile("uploading"), "GET of a file": "not_direct" },
  },
  {
    what: "open with a ticket, and its file was given up",
    ticket: {},
    given: setFile({ status: "abandoned", deletedAt: past() }),
    answers: { ...all("yes"), ...ofFile("abandoned"), "GET of a file": "not_direct" },
  },
  {
    what: "open with a ticket, and the object of its file is doomed",
    ticket: {},
    given: ({ fileId }) =>
      db.object.updateMany({ where: { fileId, kind: "file" }, data: { state: "doomed" } }),
    answers: {
      ...all("yes"),
      ...ofFile("uploading"),
      "GET of a file": "not_direct",
      preview: "no_picture",
      "HEAD of a preview": "no_picture",
      thumbnail: "yes",
    },
  },
  {
    what: "open with a ticket, and no file is left",
    ticket: {},
    given: ({ fileIds }) =>
      db.file.updateMany({ where: { id: { in: fileIds } }, data: { deletedAt: past() } }),
    answers: {
      ...all("deleted"),
      "claim of all": "empty",
      "mint of all": "empty",
      "GET of a file": "not_direct",
      page: "empty",
    },
  },
  {
    what: "open, and its file has no thumbnail",
    given: setFile({ thumbnailKey: null }),
    answers: { ...OPEN, thumbnail: "no_picture" },
  },
  {
    what: "open, and its file is of a kind that is not shown",
    given: setFile({ name: "a.zip", contentType: "application/zip" }),
    answers: { ...OPEN, preview: "no_kind", "HEAD of a preview": "no_kind" },
  },
  {
    what: "unknown",
    asks: async () => ({ publicId: newPublicId() }),
    answers: closed("unknown"),
  },
  {
    what: "unknown since it has a new link, with a ticket",
    ticket: {},
    given: ({ linkId }) =>
      db.link.update({ where: { id: linkId }, data: { publicId: newPublicId() } }),
    answers: closed("unknown"),
  },
]
