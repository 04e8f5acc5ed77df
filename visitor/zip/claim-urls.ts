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

/**
 * Asks for URLs of these files, of all for null: the first time that is the claim, later a mint for
 * its ticket. Waits where the app is busy or cannot be reached. One file that is gone refuses the
 * others with it: then it asks for those that are left, and returns null where none is. Throws what
 * ends the archive.
 */
export function createClaims({
  token,
  signal,
  onWaiting,
  now = () => performance.now(),
}: Options): (fileIds: string[] | null) => Promise<Claimed | null> {
  return async (asksFor) => {
    let fileIds = asksFor
    const began = now()
    for (let attempt = 1; ; attempt++) {
      const asked = now()
      const response = await post(token, fileIds, signal)
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
        const ready = fileIds && (await readyFiles(token, signal))
        if (fileIds && ready) {
          const left: string[] = fileIds.filter((id) => ready.has(id))
          if (left.length === 0 || left.length === fileIds.length) return null
          fileIds = left
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
async function post(token: string, fileIds: string[] | null, signal: AbortSignal) {
  try {
    return await fetch(`/s/${token}/claim`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(fileIds ? { fileIds } : {}),
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

/**
 * The files that can be downloaded, null where the link is over: a file that was deleted is answered
 * with the same status.
 */
async function readyFiles(token: string, signal: AbortSignal): Promise<Set<string> | null> {
  let response: Response | null = null
  for (let attempt = 1; attempt <= STATE_ATTEMPTS; attempt++) {
    response = await fetch(`/s/${token}/state`, { cache: "no-store", signal }).catch(() => null)
    signal.throwIfAborted()
    if (response?.status !== 503) break
    const asks = Number(response.headers.get("Retry-After")) * 1000
    await wait(asks || backoffMs(attempt), signal)
    signal.throwIfAborted()
  }
  if (!response?.ok) return null
  const state: { status: string; files: { id: string; status: string }[] } = await response.json()
  if (state.status !== "open" && state.status !== "used_up") return null
  return new Set(state.files.filter(({ status }) => status === "ready").map(({ id }) => id))
}

async function reasonOf(response: Response): Promise<string | null> {
  const body: { title?: string } | null = await response.json().catch(() => null)
  return body?.title ?? null
}
