import "client-only"
import type { ShareEdit, ShareInput, ShareView } from "#lib/shares/share.ts"
import { reportSessionEnded } from "../session-ended.ts"

export type Conditions = Partial<Omit<Sent<ShareInput>, "fileIds" | "folder">>
export type Change = Sent<ShareEdit>
export type ShareRefusal = {
  ok: false
  /** 0: there was no answer. */
  status: number
  message: string | null
  /** The condition that is wrong or missing. */
  field: string | null
}
export type ShareAnswer = { ok: true; share: ShareView } | ShareRefusal

/** An input as it is sent: times are ISO 8601. */
type Sent<Value> = { [Key in keyof Value]: Value[Key] extends infer Type ? ToJson<Type> : never }
type ToJson<Type> = Type extends Date ? string : Type

const SHARES = "/api/v1/shares"
const TIMEOUT_MS = 60_000

/** Makes a share and its link. */
export const createShare = (fileIds: string[], conditions: Conditions): Promise<ShareAnswer> =>
  call("POST", SHARES, { fileIds, ...conditions })

/** Changes conditions of a share; those that are left out stay. `keepalive`: the page is left. */
export const changeShare = (
  id: string,
  conditions: Change,
  { keepalive = false } = {},
): Promise<ShareAnswer> => call("PATCH", `${SHARES}/${id}`, conditions, keepalive)

/** Ends a share. */
export const revokeShare = (id: string): Promise<ShareAnswer> =>
  call("POST", `${SHARES}/${id}/revoke`, {})

/** The share that a lost answer was about: the latest open one that holds exactly these files. */
export async function findShareOf(fileIds: string[]): Promise<ShareView | null> {
  const answer = await send("GET", `${SHARES}?limit=20`)
  if (!answer?.ok) return null
  const { items }: { items: ShareView[] } = await answer.json()
  const held = new Set(fileIds)
  return (
    items.find(
      ({ status, files, fileCount }) =>
        (status === "open" || status === "scheduled") &&
        fileCount === fileIds.length &&
        files.length > 0 &&
        files.every(({ id }) => held.has(id)),
    ) ?? null
  )
}

async function call(
  method: "POST" | "PATCH",
  url: string,
  body: object,
  keepalive = false,
): Promise<ShareAnswer> {
  const init = { body: JSON.stringify(body), keepalive }
  let response = await send(method, url, init)
  if (response?.status === 401 && (await reportSessionEnded()))
    response = await send(method, url, init)
  const answer = await response?.json().catch(() => null)
  if (!response || !answer) return { ok: false, status: 0, message: null, field: null }
  if (response.ok) return { ok: true, share: answer }
  return { ok: false, status: response.status, ...sentenceOf(answer) }
}

/** RFC 9457. The sentence stands at the field, so it need not name the field. */
function sentenceOf({ title, field = null }: { title?: string; field?: string | null }) {
  const message = title ?? null
  const prefix = `${field}: `
  return { message: message?.startsWith(prefix) ? message.slice(prefix.length) : message, field }
}

async function send(method: string, url: string, init: RequestInit = {}) {
  try {
    return await fetch(url, {
      method,
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(init.body !== undefined && { headers: { "Content-Type": "application/json" } }),
      ...init,
    })
  } catch {
    return null
  }
}
