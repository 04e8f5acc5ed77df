import "server-only"
import type { Ticket, Unlock } from "../visitor/visitor-cookies.ts"

/** A visitor's ticket as columns of the asked row; all are null without one. */
export const TICKET = {
  ticketLinkId: "uuid[]",
  ticketPasswordVersion: "int[]",
  ticketOfEpoch: "int[]",
  ticketExpiresAt: "timestamptz[]",
} as const

export const ticketColumns = (ticket: Ticket | null) => ({
  ticketLinkId: ticket?.linkId ?? null,
  ticketPasswordVersion: ticket?.passwordVersion ?? null,
  ticketOfEpoch: ticket?.epoch ?? null,
  ticketExpiresAt: ticket?.expiresAt ?? null,
})

/** The proof that a visitor gave the password, as columns of the asked row. */
export const UNLOCK = {
  unlockLinkId: "uuid[]",
  unlockPasswordVersion: "int[]",
  unlockExpiresAt: "timestamptz[]",
} as const

export const unlockColumns = (unlock: Unlock | null) => ({
  unlockLinkId: unlock?.linkId ?? null,
  unlockPasswordVersion: unlock?.passwordVersion ?? null,
  unlockExpiresAt: unlock?.expiresAt ?? null,
})

/** Whether the ticket of an asked row is valid for its link and the row of the share. */
export const ticketHolds = (asked: string, share: string) => `COALESCE(
  ${asked}.link_id = ${asked}.ticket_link_id
  AND ${share}.password_version = ${asked}.ticket_password_version
  AND ${share}.ticket_epoch = ${asked}.ticket_of_epoch
  AND ${asked}.ticket_expires_at > statement_timestamp(), false)`

/** Whether the password proof of an asked row is valid for its link and the row of the share. */
export const unlockHolds = (asked: string, share: string) => `COALESCE(
  ${asked}.link_id = ${asked}.unlock_link_id
  AND ${share}.password_version = ${asked}.unlock_password_version
  AND ${asked}.unlock_expires_at > statement_timestamp(), false)`

/** The parameters of visitClaimed. */
export const TICKET_SECONDS = { ticketSeconds: "int" } as const

/**
 * Whether the visit of an asked row has a counted claim on the share. Such a visitor may continue,
 * because the answer with the ticket may have been lost.
 */
export const visitClaimed = (
  asked: string,
  share: string,
  // It is not written with EXISTS, because then the planner may read the whole table once.
) => `(SELECT count(*) > 0 FROM claim WHERE claim.link_id = ${asked}.link_id
    AND claim.visit_id = ${asked}.visit_id || int4send(${share}.ticket_epoch)
    AND claim.counted IS NOT NULL
    AND claim.at > statement_timestamp() - make_interval(secs => :ticketSeconds))`
