import type { Reason } from "#lib/rooms/claims/access/refusals.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { describeFile, describePreview } from "#lib/rooms/claims/look/describe-file.ts"
import { preview, thumbnail } from "#lib/rooms/claims/look/preview.ts"
import { mint } from "#lib/rooms/claims/mint/mint.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import type { VisitorCookies } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import type { VisitorSource } from "#lib/rooms/claims/visitor/visitor-source.ts"
import { source } from "#testing/look-and-click.ts"

const address = "192.0.2.7"

/** The verbs that read or mint for a visitor. */
export const VERBS = {
  claim: ({ fileId, ...asked }: Sent) => claim({ ...asked, fileIds: [fileId], directOnly: false }),
  "claim of files": ({ fileId, ...asked }: Sent) =>
    claim({ ...asked, fileIds: [fileId], directOnly: false, chargedTo: address }),
  "claim of all": (asked: Sent) =>
    claim({ ...asked, fileIds: null, directOnly: false, ticketAlone: true, chargedTo: address }),
  "GET of a file": ({ fileId, ...asked }: Sent) =>
    claim({ ...asked, fileIds: [fileId], directOnly: true }),
  mint: ({ fileId, ...asked }: Sent) => mint({ ...asked, fileIds: [fileId] }),
  "mint of all": (asked: Sent) =>
    mint({ ...asked, fileIds: null, ticketAlone: true, chargedTo: address }),
  preview: (asked: Sent) => preview({ ...asked, address }),
  thumbnail: (asked: Sent) => thumbnail({ ...asked, address }),
  HEAD: ({ publicId, fileId, cookies }: Sent) => describeFile(publicId, fileId, cookies),
  "HEAD of a preview": ({ publicId, fileId, cookies }: Sent) =>
    describePreview(publicId, fileId, cookies),
  page: async ({ publicId, cookies }: Sent) => {
    const page = await openLink({ publicId, cookies, kind: "view", source })
    if (page.state === "locked" && page.code) return "verify"
    return page.state === "open" ? "yes" : page.state
  },
}
export type VerbName = keyof typeof VERBS
export const VERB_NAMES = Object.keys(VERBS) as VerbName[]
export type Asked = {
  publicId: Uint8Array
  fileId: string
  cookies: VisitorCookies
}
type Sent = Asked & { source: VisitorSource }

/** Granted, refused for lack of a ticket, or the reason of another refusal. */
export type Outcome = "yes" | "no ticket" | Reason

/** Runs a verb and returns its outcome. */
export async function outcomeOf(verb: VerbName, asked: Asked): Promise<Outcome> {
  try {
    const answer = await VERBS[verb]({ ...asked, source })
    if (answer === null) return "no ticket"
    return typeof answer === "string" ? answer : "yes"
  } catch (error) {
    const { sentence } = error as { sentence?: { key: Reason } }
    if (!sentence) throw error
    return sentence.key
  }
}
