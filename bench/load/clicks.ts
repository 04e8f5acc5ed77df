import { randomUUID } from "node:crypto"
import path from "node:path"
import pg from "pg"
import { databaseUrl } from "#server/configuration/database-url.ts"
import type { App } from "../app.ts"
import { requestText, USER_AGENT } from "../browser/browser-request.ts"
import { NEW_VISIT } from "./load.ts"

export type Link = { token: string; linkId: string; fileId: string; shareId: string }

const DAY = 86_400_000

/** Requests for a click of a new visitor on each of these links. */
export const clicksOn = (port: number, links: Link[]) =>
  links.map((link) => post(port, link, `d/${link.fileId}`, [newVisit]))

/** Clicks on this many open shares without a limit, spread over the whole table. */
export async function clicksOnSome({ directory, port }: App, count: number) {
  const { linkToken } = await import("#lib/adapters/secrets.ts")
  const connectionString = databaseUrl(path.join(directory, "postgres"))
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query<Omit<Link, "token"> & { publicId: Buffer }>(
      `WITH open AS (
         SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS all FROM share
         WHERE revoked_at IS NULL AND starts_at IS NULL AND max_downloads IS NULL AND minted
           AND (expires_at IS NULL OR expires_at > now() + interval '1 day')
       )
       SELECT link.public_id AS "publicId", link.id AS "linkId", share_file.file_id AS "fileId", open.id AS "shareId"
       FROM open JOIN link ON link.share_id = open.id AND link.open
         JOIN share_file ON share_file.share_id = open.id AND position = 0
       WHERE n % greatest(1, open.all / $1) = 0 LIMIT $1`,
      [count],
    )
    const links = rows.map(({ publicId, ...link }) => ({ ...link, token: linkToken(publicId) }))
    return clicksOn(port, links)
  } finally {
    await client.end()
  }
}

/** Requests for a click on each of these links by visitors who gave the password. */
export async function unlockedClicksOn(port: number, links: Link[]) {
  const { signUnlock } = await import("#lib/rooms/claims/visitor/visitor-cookies.ts")
  return links.map((link) => {
    const unlock = { linkId: link.linkId, proofVersion: 0, expiresAt: tomorrow() }
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
    const ticket = { id, linkId, proofVersion: 0, epoch: 0, expiresAt: tomorrow() }
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
