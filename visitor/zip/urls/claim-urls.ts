import { teamHeader } from "#lib/adapters/http/owner-path.ts"
import { backoffMs } from "#packages/transfer/backoff.ts"
import { wait } from "#packages/transfer/wait.ts"
import { endsArchive } from "#visitor/zip/zip-failure.ts"
import type { ArchiveFile } from "#visitor/zip/zip-job.ts"

/** The archive fails if the app does not answer for this long. */
const SILENT_MS = 10 * 60_000

/** How often a busy app is asked for the link's state before the link counts as closed. */
const STATE_ATTEMPTS = 20

export type Claimed = {
  files: (ArchiveFile & { url: string })[]
  /** Until when the URLs are valid, by the clock of `now`, minus a margin of some seconds. */
  until: number
}

type Options = {
  /** The token of a link; or the slug of the team whose files they are, null for the member's. */
  of: { token: string } | { team: string | null }
  signal: AbortSignal
  /** Called with whether the archive waits for the app or the network. */
  onWaiting: (isWaiting: boolean) => void
  now?: () => number
}

/** Files by their ids, the files of a folder that a search finds, or all. */
type Wanted = readonly string[] | { folder: string; q: string } | null

/**
 * Requests URLs of these files: of a link first as a claim, later as a mint with its ticket. Waits
 * while the app is busy or unreachable. A link's request is refused as a whole for one deleted
 * file: then asks for the remaining files. Returns null if there are none. Throws the errors that
 * end the archive.
 */
export function createClaims({
  of,
  signal,
  onWaiting,
  now = () => performance.now(),
}: Options): (wanted: Wanted) => Promise<Claimed | null> {
  const token = "token" in of ? of.token : null
  return async (asksFor) => {
    let wanted = asksFor
    const began = now()
    for (let attempt = 1; ; attempt++) {
      const asked = now()
      const response = await post(of, wanted, signal)
      if (response?.ok) {
        const body: { expiresAt: string; files: Claimed["files"] } | null = await response
          .json()
          .catch(() => null)
        if (body) {
          onWaiting(false)
          if (body.files.length === 0) return null
          return { files: body.files, until: asked + usableMs(response, body.expiresAt) }
        }
      }
      const status = response?.status ?? 0
      const isBusy = status === 0 || status === 429 || status >= 500 || response?.ok
      if (response && !isBusy) {
        const left = token !== null && isList(wanted) ? await readyOf(wanted, token, signal) : null
        if (isList(wanted) && left) {
          if (left.length === 0 || left.length === wanted.length) return null
          wanted = left
          continue
        }
        if (token !== null && [401, 404, 410].includes(status)) throw endsArchive({ why: "closed" })
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

/** Null if there was no answer. */
async function post(of: Options["of"], wanted: Wanted, signal: AbortSignal) {
  const [address, body, headers] =
    "token" in of
      ? [`/s/${of.token}/claim`, isList(wanted) ? { fileIds: wanted } : (wanted ?? {}), {}]
      : ["/api/v1/files/download", { ids: wanted }, teamHeader(of.team)]
  try {
    return await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
      body: JSON.stringify(body),
      signal,
    })
  } catch {
    signal.throwIfAborted()
    return null
  }
}

/** Computes the lifetime of the URLs from the server's clock, because the client's may be wrong. */
function usableMs({ headers }: Response, expiresAt: string) {
  const sent = Date.parse(headers.get("Date") ?? "")
  const life = Date.parse(expiresAt) - (Number.isNaN(sent) ? Date.now() : sent)
  return life - Math.min(5_000, life / 3)
}

const isList = (wanted: Wanted): wanted is readonly string[] => Array.isArray(wanted)

/** The largest number of files that the URL of a request names. */
const NAMED_AT_ONCE = 200

/** Those of these files that are still available; null if the link is closed. */
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
