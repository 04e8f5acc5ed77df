import { wait } from "#packages/downloader/wait.ts"
import { backoffMs } from "#packages/transfer/backoff.ts"
import { endsArchive } from "./zip-failure.ts"
import type { ArchiveFile } from "./zip-job.ts"

/** How long the app may stay silent before the archive is given up. */
const SILENT_MS = 10 * 60_000

/** How often a busy app is asked how the link is, before it counts as over. */
const STATE_ATTEMPTS = 20

export type Claimed = {
  files: (ArchiveFile & { url: string })[]
  /** Until when the URLs work, by the clock of `now`, with some seconds left. */
  until: number
}

type Options = {
  token: string
  signal: AbortSignal
  /** Called with whether the app or the network makes it wait. */
  onWaiting: (isWaiting: boolean) => void
  now?: () => number
}

/** Files by their ids, those of a folder that a search finds, or all. */
export type Wanted = readonly string[] | { folder: string; q: string } | null

/**
 * Asks for URLs of these files: the first time that is the claim, later a mint for
 * its ticket. Waits where the app is busy or cannot be reached. One file that is gone refuses the
 * others with it: then it asks for those that are left, and returns null where none is. Throws what
 * ends the archive.
 */
export function createClaims({
  token,
  signal,
  onWaiting,
  now = () => performance.now(),
}: Options): (wanted: Wanted) => Promise<Claimed | null> {
  return async (asksFor) => {
    let wanted = asksFor
    const began = now()
    for (let attempt = 1; ; attempt++) {
      const asked = now()
      const response = await post(token, wanted, signal)
      if (response?.ok) {
        const body: { expiresAt: string; files: Claimed["files"] } | null = await response
          .json()
          .catch(() => null)
        if (body) {
          onWaiting(false)
          return { files: body.files, until: asked + usableMs(response, body.expiresAt) }
        }
      }
      const status = response?.status ?? 0
      const isBusy = status === 0 || status === 429 || status >= 500 || response?.ok
      if (response && !isBusy) {
        const left = isList(wanted) ? await readyOf(wanted, token, signal) : null
        if (isList(wanted) && left) {
          if (left.length === 0 || left.length === wanted.length) return null
          wanted = left
          continue
        }
        if ([401, 404, 410].includes(status)) throw endsArchive({ why: "closed" })
        throw endsArchive({ why: "refused", reason: await reasonOf(response) })
      }
      if (now() - began > SILENT_MS) throw endsArchive({ why: "unreachable" })
      onWaiting(true)
      const asks = Number(response?.headers.get("Retry-After")) * 1000
      await wait(asks || backoffMs(attempt), signal)
      signal.throwIfAborted()
    }
  }
}

/** Null where there was no answer. */
async function post(token: string, wanted: Wanted, signal: AbortSignal) {
  try {
    return await fetch(`/s/${token}/claim`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(isList(wanted) ? { fileIds: wanted } : (wanted ?? {})),
      signal,
    })
  } catch {
    signal.throwIfAborted()
    return null
  }
}

/** The server's own clock says how long the URLs live; the client's may be wrong. */
function usableMs({ headers }: Response, expiresAt: string) {
  const sent = Date.parse(headers.get("Date") ?? "")
  const life = Date.parse(expiresAt) - (Number.isNaN(sent) ? Date.now() : sent)
  return life - Math.min(5_000, life / 3)
}

const isList = (wanted: Wanted): wanted is readonly string[] => Array.isArray(wanted)

/** The address of a request names at most so many. */
const NAMED_AT_ONCE = 200

/**
 * Those of these files that can be downloaded, null where the link is over: a file that was deleted
 * is answered with the same status.
 */
async function readyOf(fileIds: readonly string[], token: string, signal: AbortSignal) {
  const ready: string[] = []
  for (let start = 0; start < fileIds.length; start += NAMED_AT_ONCE) {
    const state = await readState(token, fileIds.slice(start, start + NAMED_AT_ONCE), signal)
    if (state?.status !== "open" && state?.status !== "used_up") return null
    for (const { id, status } of state.files) if (status === "ready") ready.push(id)
  }
  return ready
}

type State = { status: string; files: { id: string; status: string }[] }

async function readState(token: string, fileIds: readonly string[], signal: AbortSignal) {
  let response: Response | null = null
  for (let attempt = 1; attempt <= STATE_ATTEMPTS; attempt++) {
    const address = `/s/${token}/state?files=${fileIds.join(",")}`
    response = await fetch(address, { cache: "no-store", signal }).catch(() => null)
    signal.throwIfAborted()
    if (response?.status !== 503) break
    const asks = Number(response.headers.get("Retry-After")) * 1000
    await wait(asks || backoffMs(attempt), signal)
    signal.throwIfAborted()
  }
  if (!response?.ok) return null
  const state: State = await response.json()
  return state
}

async function reasonOf(response: Response): Promise<string | null> {
  const body: { title?: string } | null = await response.json().catch(() => null)
  return body?.title ?? null
}
