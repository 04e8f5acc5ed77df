import "server-only"
import { z } from "zod"
import { attempt, Refusal } from "#lib/adapters/errors.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { Problem, problemOf } from "#lib/adapters/http/problem.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { call } from "#lib/api/call.ts"
import type { Actor } from "#lib/rooms/accounts/member.ts"
import { addLinks, repeatLinks } from "#lib/rooms/shares/links/add-links.ts"
import { editLink } from "#lib/rooms/shares/links/edit-link.ts"
import { eraseLink } from "#lib/rooms/shares/links/erase-recipients.ts"
import { listKnownRecipients } from "#lib/rooms/shares/links/known-recipients.ts"
import {
  LinkEdit,
  LinkInput,
  LinkListQuery,
  LinkMail,
  LinksInput,
  LinkView,
  MAX_RECIPIENTS,
  NewRecipient,
  OPEN_LINK,
} from "#lib/rooms/shares/links/link.ts"
import { mailLink } from "#lib/rooms/shares/links/mail-links.ts"
import { listLinks, requireLink } from "#lib/rooms/shares/links/read-links.ts"
import { restoreLink, revokeLink } from "#lib/rooms/shares/links/revoke-link.ts"
import { RevokeInput, type ShareKind } from "#lib/rooms/shares/share.ts"
import { listOf } from "./answers.ts"

const recipientsOf = ({ recipients, verify, maxDownloads }: LinksInput) =>
  recipients.map((recipient) =>
    attempt(() => parse(NewRecipient, { recipient, verify, maxDownloads })),
  )

const answersOf = (links: (LinkView | Refusal)[], locale: Locale) => ({
  items: links.map((link) =>
    link instanceof Refusal ? { problem: problemOf(link, locale) } : { link },
  ),
})

function onlyOf([answer]: (LinkView | Refusal)[]): LinkView {
  if (!answer) throw new Error("there is an answer for each recipient")
  if (answer instanceof Refusal) throw answer
  return answer
}

type Of = { id: string }
type At = Of & { linkId: string }

const callsOf = (kind: ShareKind) => {
  const ofShare = (actor: Actor, { id: shareId }: Of) => ({ actor, shareId, kind })
  const at = (actor: Actor, { linkId, ...of }: At) => ({ ...ofShare(actor, of), linkId })
  const linksOf = ({ owner }: Actor, { id: shareId }: Of) => ({ owner, shareId, kind })
  return [
    call("GET /shares/{id}/links", {
      does: `Lists the links of a ${kind}'s recipients, in the order in which they were added.`,
      by: "member",
      query: LinkListQuery,
      gives: listOf(LinkView),
      run: ({ member, params, query }) => listLinks(linksOf(member, params), query),
    }),
    call("POST /shares/{id}/links", {
      does: `Adds a recipient; without one, opens the ${kind} to anyone with the link again.`,
      by: "member",
      body: LinkInput,
      gives: LinkView,
      creates: {
        again: ({ member, params, ids: [id = ""] }) => requireLink(linksOf(member, params), id),
      },
      run: async ({
        member,
        params,
        body: { recipient, verify, maxDownloads, ...mailing },
        ids,
      }) => {
        const of = ofShare(member, params)
        if (!recipient) return restoreLink({ ...of, linkId: OPEN_LINK })
        return onlyOf(
          await addLinks(of, [{ recipient, verify, maxDownloads }], { ...mailing, ids }),
        )
      },
    }),
    call("POST /shares/{id}/links/batch", {
      does: "Adds recipients, each with an answer.",
      by: "member",
      body: LinksInput,
      gives: z.strictObject({
        items: z
          .array(
            z.union([z.strictObject({ link: LinkView }), z.strictObject({ problem: Problem })]),
          )
          .max(MAX_RECIPIENTS),
      }),
      creates: {
        count: ({ recipients }) => recipients.length,
        again: async ({ member, params, body, ids, locale }) =>
          answersOf(await repeatLinks(ofShare(member, params), recipientsOf(body), ids), locale),
      },
      run: async ({ member, params, body, ids, locale }) => {
        const { language, mail, message } = body
        const mailing = { ids, language, mail, message }
        return answersOf(
          await addLinks(ofShare(member, params), recipientsOf(body), mailing),
          locale,
        )
      },
    }),
    call("PATCH /shares/{id}/links/{linkId}", {
      does: "Edits a recipient's link; another address gets a new one.",
      by: "member",
      body: LinkEdit,
      gives: LinkView,
      run: ({ member, params, body }) => editLink(at(member, params), body),
    }),
    call("POST /shares/{id}/links/{linkId}/revoke", {
      does: `Revokes one link of a ${kind}; the id \`open\` is the link for anyone.`,
      by: "member",
      body: RevokeInput,
      bodyOptional: true,
      gives: LinkView,
      run: ({ member, params, body }) => revokeLink(at(member, params), body),
    }),
    call("POST /shares/{id}/links/{linkId}/restore", {
      does: "Restores a revoked link at the same address; the id `open` is the link for anyone.",
      by: "member",
      gives: LinkView,
      run: ({ member, params }) => restoreLink(at(member, params)),
    }),
    call("POST /shares/{id}/links/{linkId}/mail", {
      does: "Mails a link to its recipient again, at most once a day.",
      by: "member",
      body: LinkMail,
      bodyOptional: true,
      gives: LinkView,
      run: ({ member, params, body }) => mailLink(at(member, params), body),
    }),
    call("DELETE /shares/{id}/links/{linkId}", {
      does: "Erases a recipient's name and address, and revokes the link.",
      by: "member",
      gives: z.void(),
      run: ({ member, params }) => eraseLink(at(member, params)),
    }),
  ] as const
}

/** The call for the recipients of all of a member's links. */
export const RECIPIENT_CALLS = [
  call("GET /recipients", {
    does: "Lists the recipients to whom the caller sent links last, as `Name <address>`.",
    by: "member",
    scope: "shares:read",
    gives: listOf(z.string(), MAX_RECIPIENTS),
    run: async ({ member }) => ({
      items: await listKnownRecipients(member.owner),
      nextCursor: null,
    }),
  }),
] as const

type OfRequests<At extends string> = At extends `${infer Method} /shares/${infer Rest}`
  ? `${Method} /requests/${Rest}`
  : never
type ForRequests<Table extends readonly { at: string }[]> = {
  [Place in keyof Table]: Omit<Table[Place], "at"> & { at: OfRequests<Table[Place]["at"]> }
}

/** The calls for the links of shares, and those for the links of requests. */
export const LINK_CALLS = callsOf("share")
export const REQUEST_LINK_CALLS = callsOf("request").map((each) => ({
  ...each,
  at: each.at.replace("/shares/", "/requests/"),
})) as unknown as ForRequests<typeof LINK_CALLS>
