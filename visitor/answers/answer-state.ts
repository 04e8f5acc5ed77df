import "server-only"
import { refused } from "#lib/rooms/claims/access/refusals.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { visitOf } from "#visitor/cookies/visit-cookies.ts"
import { type Answer, type LinkRequest, NO_STORE } from "#visitor/exchange.ts"
import { namedFilesOf } from "./listing.ts"

/**
 * GET /s/{token}/state: the state that an open page needs to stay current, with the files that the
 * page lists, by its query parameters, or with those that the query names. Writes nothing. Refuses
 * an unknown link (404) and a locked one (401); for a closed link the answer says how it ended.
 * `status` is the status of the share, `state` the page that the visitor sees.
 */
export async function answerState(request: LinkRequest): Promise<Answer> {
  const opening = { ...visitOf(request), kind: null, source: null, from: request.clientAddress }
  const page = await openLink(opening, namedFilesOf(request))
  const headers: Answer["headers"] = [["Content-Type", "application/json"], NO_STORE]
  return { status: 200, headers, body: JSON.stringify(stateOf(page)) }
}

function stateOf(page: LinkPage) {
  switch (page.state) {
    case "unknown":
      throw refused("unknown")
    case "locked":
      throw refused(page.code ? "verify" : "locked")
    case "empty":
      return { ...endOf(page), files: [] }
    case "open":
      return {
        ...endOf(page),
        canPreview: page.canPreview,
        viewOnly: page.viewOnly,
        needsClaim: page.needsClaim,
        files: page.files.map(({ id, status, isPaused, hasThumbnail }) => ({
          id,
          status,
          ...(isPaused && { isPaused }),
          hasThumbnail,
        })),
        counts: page.counts,
      }
    default:
      return {
        status: page.state,
        state: page.state,
        expiresAt: null,
        downloadsLeft: null,
        files: [],
      }
  }
}

type Opens = Extract<LinkPage, { downloadsLeft: number | null }>

const endOf = ({ state, expiresAt, downloadsLeft }: Opens) => ({
  status: downloadsLeft === 0 ? "used_up" : "open",
  state,
  expiresAt: expiresAt?.toISOString() ?? null,
  downloadsLeft,
})
