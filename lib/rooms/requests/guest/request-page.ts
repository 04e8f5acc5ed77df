import type { Branding } from "#lib/rooms/settings/branding.ts"
import type { RequestFields } from "../request.ts"

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
  /** The number of files that the request still takes from all guests together. */
  filesLeft: number
  bytesLeft: number
  maxFileBytes: number | null
  types: string[]
  fields: RequestFields
  /** Whether this browser has begun a delivery. */
  delivery: "none" | "begun" | "done"
  branding?: Branding
}
