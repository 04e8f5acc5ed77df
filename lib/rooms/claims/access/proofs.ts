import "server-only"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import type { Ticket, Unlock } from "../visitor/visitor-cookies.ts"

/** A visitor's ticket as columns of the request row. All are null without a ticket. */
export const TICKET = {
  ticketLinkId: "uuid[]",
  ticketProofVersion: "int[]",
  ticketOfEpoch: "int[]",
  ticketExpiresAt: "timestamptz[]",
} as const

export const ticketColumns = (ticket: Ticket | null) => ({
  ticketLinkId: ticket?.linkId ?? null,
  ticketProofVersion: ticket?.proofVersion ?? null,
  ticketOfEpoch: ticket?.epoch ?? null,
  ticketExpiresAt: ticket?.expiresAt ?? null,
})

/** The proof that a visitor entered the password or the code, as columns of the request row. */
export const UNLOCK = {
  unlockLinkId: "uuid[]",
  unlockProofVersion: "int[]",
  unlockExpiresAt: "timestamptz[]",
  unlockIsCode: "boolean[]",
} as const

export const unlockColumns = (unlock: Unlock | null) => ({
  unlockLinkId: unlock?.linkId ?? null,
  unlockProofVersion: unlock?.proofVersion ?? null,
  unlockExpiresAt: unlock?.expiresAt ?? null,
  unlockIsCode: unlock?.isCode ?? false,
})

/** In SQL: the version that proofs have. It is raised with either of its parts. */
export const proofVersionOf = (share: string) =>
  `(${share}.password_version + ${share}.link_version)`

/** In SQL: whether the ticket of a request row is valid for its link and the row of the share. */
export const ticketHolds = (asked: string, share: string) => `COALESCE(
  ${asked}.link_id = ${asked}.ticket_link_id
  AND ${proofVersionOf(share)} = ${asked}.ticket_proof_version
  AND ${share}.ticket_epoch = ${asked}.ticket_of_epoch
  AND ${asked}.ticket_expires_at > statement_timestamp(), false)`

/** In SQL: whether a request row's proof is valid for its link and the share's row. */
export const unlockHolds = (asked: string, share: string) => `COALESCE(
  ${asked}.link_id = ${asked}.unlock_link_id
  AND ${proofVersionOf(share)} = ${asked}.unlock_proof_version
  AND ${asked}.unlock_expires_at > statement_timestamp(), false)`

/**
 * In SQL: whether the visit of a request row has a counted claim on the share. Such a visitor may
 * continue, because the answer with the ticket may have been lost.
 */
export const visitClaimed = (
  asked: string,
  share: string,
  // EXISTS is not used, because the planner might then read the whole table once.
) => `(SELECT count(*) > 0 FROM claim WHERE claim.link_id = ${asked}.link_id
    AND claim.visit_id = ${asked}.visit_id || int4send(${share}.ticket_epoch)
    AND claim.counted IS NOT NULL
    AND claim.at > statement_timestamp() - make_interval(secs => ${TICKET_SECONDS}))`
