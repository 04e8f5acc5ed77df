import { randomUUID } from "node:crypto"
import { requestText, USER_AGENT } from "../browser/browser-request.ts"
import { NEW_VISIT } from "./load.ts"

export type Link = { token: string; linkId: string; fileId: string; shareId: string }

const DAY = 86_400_000

/** Requests for a click of a new visitor on each of these links. */
export const clicksOn = (port: number, links: Link[]) =>
  links.map((link) => post(port, link, `d/${link.fileId}`, [newVisit]))

/** Requests for a click on each of these links by visitors who gave the password. */
export async function unlockedClicksOn(port: number, links: Link[]) {
  const { signUnlock } = await import("#lib/rooms/claims/visitor/visitor-cookies.ts")
  return links.map((link) => {
    const unlock = { linkId: link.linkId, passwordVersion: 0, expiresAt: tomorrow() }
    return post(port, link, `d/${link.fileId}`, [newVisit, `lapse-unlock=${signUnlock(unlock)}`])
  })
}

/** Requests for a GET of each of these direct links by new visitors. */
export const directClicksOn = (port: number, links: Link[]) =>
  links.map(({ token, fileId }) =>
    requestText(`GET /s/${token}/d/${fileId}`, { ...headers(port), Cookie: newVisit }),
  )

/** Requests for GETs with a ticket on these links; each ticket is used for several requests. */
export async function mintsOn(port: number, links: Link[], tickets: number) {
  const { signTicket } = await import("#lib/rooms/claims/visitor/visitor-cookies.ts")
  return Array.from({ length: tickets }, (_, n) => {
    const { token, fileId, linkId } = links[n % links.length] ?? noLink()
    const id = randomUUID()
    const ticket = { id, linkId, passwordVersion: 0, epoch: 0, expiresAt: tomorrow() }
    const Cookie = `lapse-ticket=${signTicket(ticket)}`
    return requestText(`GET /s/${token}/d/${fileId}`, { ...headers(port), Cookie })
  })
}

/** Requests for a claim of all files of each of these links by new visitors. */
export const claimsOfAll = (port: number, links: Link[]) =>
  links.map((link) => post(port, link, "claim", [newVisit]))

const newVisit = `lapse-visit=${NEW_VISIT}`
const tomorrow = () => new Date(Date.now() + DAY)

const headers = (port: number) => ({
  Host: `localhost:${port}`,
  "User-Agent": USER_AGENT,
  Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "Accept-Language": "en",
})

function post(port: number, { token }: Link, path: string, cookies: string[]) {
  const isForm = path !== "claim"
  return requestText(`POST /s/${token}/${path}`, {
    ...headers(port),
    Cookie: cookies.join("; "),
    Origin: `http://localhost:${port}`,
    Referer: `http://localhost:${port}/s/${token}`,
    "Content-Type": isForm ? "application/x-www-form-urlencoded" : "application/json",
    "Content-Length": "0",
  })
}

function noLink(): never {
  throw new Error("there is a link")
}
