import "server-only"
import { randomBytes } from "node:crypto"
import { readSigned, sign } from "#lib/adapters/secrets.ts"

/** The names of a visitor's cookies. All are HttpOnly and limited to the link's path. */
export const COOKIES = {
  /** Distinguishes a double click or a retry from a new visitor. */
  visit: "lapse-visit",
  /** Proves a claim. */
  ticket: "lapse-ticket",
  /** Proves that a guest began the delivery of a request. */
  delivery: "lapse-delivery",
  /** Proves that the visitor entered the password, or the code that was mailed. */
  unlock: "lapse-unlock",
  /** The mail with the code that this browser asked for. */
  code: "lapse-code",
  /** Proves that this browser unlocked the link before, so its address does not limit it. */
  known: "lapse-known",
  /** Set when Lapse redirects to the page, so that this fetch is not counted as a view. */
  back: "lapse-back",
  /** When this browser asked for the link to be opened again. */
  asked: "lapse-asked",
} as const

/** The proof of a claim. While it is valid, mints of the share's files are not counted. */
export type Ticket = {
  id: string
  linkId: string
  proofVersion: number
  epoch: number
  expiresAt: Date
}

export type Unlock = {
  linkId: string
  proofVersion: number
  expiresAt: Date
  /** Whether only the code was entered, and not the password. Who enters that has the code. */
  isCode?: boolean
}

/** The content of a visitor's cookies. Every value is signed, and the database checks it again. */
export type VisitorCookies = {
  visitId: Buffer | null
  ticket: Ticket | null
  unlock: Unlock | null
}

type CookieReader = (name: string) => string | undefined

export function readVisitorCookies(cookie: CookieReader): VisitorCookies {
  return {
    visitId: readVisit(cookie(COOKIES.visit)),
    ticket: readTicket(cookie(COOKIES.ticket)),
    unlock: readUnlock(cookie(COOKIES.unlock)),
  }
}

export const newVisitId = () => randomBytes(16)

export const signVisit = (visitId: Buffer) => sign("visit", visitId.toString("base64url"))

/** The subject of a ticket: a claim, or the delivery with its id. */
type TicketPurpose = "ticket" | "delivery"

export function signTicket(
  { id, linkId, proofVersion, epoch, expiresAt }: Ticket,
  purpose: TicketPurpose = "ticket",
) {
  return sign(purpose, [id, linkId, proofVersion, epoch, seconds(expiresAt)].join("~"))
}

export function signUnlock({ linkId, proofVersion, expiresAt, isCode = false }: Unlock) {
  const only = isCode ? ["code"] : []
  return sign("unlock", [linkId, proofVersion, seconds(expiresAt), ...only].join("~"))
}

/** Signs the id of the mail with a code for the browser that asked for it. */
export const signCodeMail = (mailId: string) => sign("code", mailId)

export const readCodeMail = (cookie: string | undefined) => readSigned("code", cookie)

function readVisit(cookie: string | undefined) {
  const value = readSigned("visit", cookie)
  return value === null ? null : Buffer.from(value, "base64url")
}

export function readTicket(
  cookie: string | undefined,
  purpose: TicketPurpose = "ticket",
): Ticket | null {
  const [id, linkId, proofVersion, epoch, expiresAt] = fields(purpose, cookie)
  if (!id || !linkId) return null
  return {
    id,
    linkId,
    proofVersion: Number(proofVersion),
    epoch: Number(epoch),
    expiresAt: new Date(Number(expiresAt) * 1000),
  }
}

function readUnlock(cookie: string | undefined): Unlock | null {
  const [linkId, proofVersion, expiresAt, only] = fields("unlock", cookie)
  if (!linkId) return null
  return {
    linkId,
    proofVersion: Number(proofVersion),
    expiresAt: new Date(Number(expiresAt) * 1000),
    isCode: only === "code",
  }
}

const fields = (purpose: TicketPurpose | "unlock", cookie: string | undefined) =>
  readSigned(purpose, cookie)?.split("~") ?? []

const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
