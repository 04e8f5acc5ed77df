import type { Branding } from "#lib/rooms/settings/branding.ts"
import type { RequestFields } from "../request.ts"

/** The most files of one delivery that have been started and have not arrived. */
export const MAX_UNSENT_FILES = 16

/** The page of an open request. */
export type RequestPage = {
  state: "request"
  /** The member who asks for files. */
  senderName: string
  title: string
  message: string
  expiresAt: Date | null
  /** The database's time. */
  now: Date
  /** What the request still takes from all guests together. */
  filesLeft: number
  bytesLeft: number
  /** What withdrawn files still count, and for how many minutes at most. */
  returning: { bytes: number; minutes: number }
  maxFileBytes: number | null
  types: string[]
  fields: RequestFields
  /** The name that a guest gives by default; "" for a link that is nobody's. */
  recipient: string
  /** Whether the receipt is mailed to a sender who gives an address. */
  mailsReceipt: boolean
  /** Whether this browser has begun a delivery. */
  delivery: "none" | "begun" | "done"
  branding?: Branding
}
