import type { Given } from "#lib/api/ask-by.ts"
import { count, flag, type Of, object, optional, orNull, text as string } from "../answer-shapes.ts"
import { EXIT, Failure, usageError } from "../failure.ts"
import {
  type Ask,
  createAsk,
  findInstallation,
  pageOf,
  pagesOf,
  requireScopes,
} from "../installation.ts"
import { print, printJson, say } from "../terminal.ts"
import { text, type Verb } from "../verb.ts"

const CutOff = orNull(object({ state: string }))

const Share = object({
  id: string,
  url: orNull(string),
  title: string,
  name: optional(string),
  status: string,
  expiresAt: orNull(string),
  maxDownloads: orNull(count),
  hasPassword: flag,
  views: count,
  downloads: count,
  exposedUntil: orNull(string),
  cutOff: CutOff,
})
type Share = Of<typeof Share>

export const Link = object({
  id: string,
  url: string,
  name: string,
  address: string,
  downloads: count,
  openedAt: orNull(string),
  revokedAt: orNull(string),
  exposedUntil: orNull(string),
  cutOff: CutOff,
  mail: orNull(object({ state: string })),
})
type Link = Of<typeof Link>

export const nameOfLink = ({ name, address }: Pick<Link, "name" | "address">) =>
  name && address ? `${name} <${address}>` : name || address || "erased"

/** The link of a share, or the id of one that has links of its recipients alone. */
export const linkOf = ({ id, url }: { id: string; url: string | null }) =>
  url ?? `no link for anyone (${id})`

const STATUSES = ["open", "scheduled", "expired", "revoked", "used_up"]

export const list: Verb = {
  summary: "lists your shares, newest first",
  usage: `lapse list [options]

  --status STATUS       open, scheduled, expired, revoked or used_up
  --find TEXT           only shares whose title or files contain it
  --json                prints a share a line as JSON`,
  options: {
    status: { type: "string" },
    find: { type: "string" },
    json: { type: "boolean" },
  },
  operands: { least: 0, most: 0 },
  async run(options) {
    const status = text(options.status)
    if (status && !STATUSES.includes(status))
      throw usageError(`--status is one of ${STATUSES.join(", ")}.`)
    const ask = createAsk(await findInstallation())
    for await (const each of listShares(ask, { limit: "100", status, q: text(options.find) }))
      if (options.json) printJson(each)
      else print(lineOf(each))
  },
}

async function* listShares(ask: Ask, query: Given<"GET /shares">["query"]) {
  const load = (cursor: string) =>
    ask("GET /shares", { query: { ...query, cursor } }, pageOf(Share))
  for await (const { items } of pagesOf(load)) yield* items
}

const lineOf = (share: Share) =>
  [
    share.status.padEnd(9),
    (share.expiresAt?.slice(0, 16).replace("T", " ") ?? "never").padEnd(16),
    String(share.downloads).padStart(5),
    linkOf(share),
    nameOf(share),
  ].join("  ")

const lineOfLink = (link: Link) =>
  [
    (link.revokedAt ? "revoked" : link.openedAt ? "opened" : "not opened").padEnd(10),
    String(link.downloads).padStart(5),
    link.url,
    nameOfLink(link),
  ].join("  ")

const nameOf = ({ title, name }: Share) => title || name || ""

const File = object({ deletesAt: optional(string) })

/** When the first file of a share is deleted; null for never, or if the token may not read files. */
async function firstDeletion(ask: Ask, share: string): Promise<string | null> {
  const times: string[] = []
  const load = (cursor: string) =>
    ask("GET /files", { query: { share, cursor, limit: "100" } }, pageOf(File))
  try {
    for await (const { items } of pagesOf(load))
      times.push(...items.flatMap(({ deletesAt }) => deletesAt ?? []))
  } catch (error) {
    if (!(error instanceof Failure && error.exit === EXIT.denied)) throw error
  }
  return times.sort()[0] ?? null
}

export const show: Verb = {
  summary: "says what happened on a share",
  usage: `lapse show LINK|ID [--json]`,
  options: { json: { type: "boolean" } },
  operands: { least: 1, most: 1 },
  async run(options, [which = ""]) {
    const ask = createAsk(await findInstallation())
    const { share } = await findShare(ask, which)
    const deletesAt = await firstDeletion(ask, share.id)
    if (options.json) return printJson({ ...share, deletesAt })
    print(nameOf(share))
    print(linkOf(share))
    print(`${share.status}, ${share.expiresAt ? `ends ${share.expiresAt}` : "without an end"}`)
    const limit = share.maxDownloads === null ? "" : ` of ${share.maxDownloads}`
    print(`${share.views} views, ${share.downloads}${limit} downloads`)
    if (share.hasPassword) print("with a password")
    if (deletesAt) print(`files are deleted from ${deletesAt} on`)
    if (share.exposedUntil) print(`URLs handed out work until ${share.exposedUntil}`)
    for await (const link of listLinks(ask, share.id)) print(lineOfLink(link))
  },
}

export const revoke: Verb = {
  summary: "ends a share, or the link of one recipient",
  usage: `lapse revoke LINK|ID [--cut-off] [--json]

  --cut-off             also ends URLs that were handed out already, and waits until they are dead`,
  options: { "cut-off": { type: "boolean" }, json: { type: "boolean" } },
  operands: { least: 1, most: 1 },
  async run(options, [which = ""]) {
    const ask = createAsk(await findInstallation())
    await requireScopes(ask, ["shares:read", "shares:write"])
    const found = await findShare(ask, which)
    const { id } = found.share
    const cutOff = options["cut-off"] === true
    const body = { cutOff }
    let ended: Share | Link = found.link
      ? await ask(
          "POST /shares/{id}/links/{linkId}/revoke",
          { id, linkId: found.link.id, body },
          Link,
        )
      : await ask("POST /shares/{id}/revoke", { id, body }, Share)
    while (cutOff && ended.cutOff?.state === "running") {
      await new Promise((resolve) => setTimeout(resolve, 500))
      const now = await findShare(ask, found.link?.url ?? id)
      ended = now.link ?? now.share
    }
    if (options.json) printJson(ended)
    const what = found.link ? "link" : "share"
    if (cutOff && ended.cutOff?.state === "failed")
      throw new Failure(EXIT.failed, `The ${what} is revoked, but URLs handed out may still work.`)
    if (!cutOff && ended.exposedUntil) say(`URLs handed out work until ${ended.exposedUntil}.`)
  },
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Finds a share by its id, its link, or the link of one recipient, which is then returned too. */
async function findShare(ask: Ask, which: string): Promise<{ share: Share; link: Link | null }> {
  const read = (id: string) => ask("GET /shares/{id}", { id }, Share)
  if (UUID.test(which)) return { share: await read(which), link: null }
  const at = which.replace(/\/$/, "")
  for await (const { id, url } of listShares(ask, { q: which })) {
    if (url === at) return { share: await read(id), link: null }
    // Searched by a link, the list has only its share.
    if (!at.includes("/s/")) continue
    for await (const link of listLinks(ask, id))
      if (link.url === at) return { share: await read(id), link }
  }
  throw new Failure(EXIT.missing, `You have no share at ${which}.`)
}

async function* listLinks(ask: Ask, id: string) {
  const load = (cursor: string) =>
    ask("GET /shares/{id}/links", { id, query: { cursor, limit: "100" } }, pageOf(Link))
  for await (const { items } of pagesOf(load)) yield* items
}
