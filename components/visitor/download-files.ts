export type Progress =
  | { state: "started" | "waiting" | "done" | "stopped"; done: number }
  /** `reason` is the server's sentence, null when it could not be asked. */
  | { state: "failed"; done: number; reason: string | null }

type Download = {
  token: string
  fileIds: string[]
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

/** Browsers drop downloads that begin at the same moment. */
const PAUSE = 900
const FRAME_LIFE = 60_000

/**
 * Claims once, then starts every file's download by an address minted for it at its turn.
 * A link that closed meanwhile is shown by loading its page again. Never throws: it reports.
 */
export async function downloadFiles({ token, fileIds, signal, onProgress }: Download) {
  let done = 0
  try {
    for (const fileId of fileIds) {
      onProgress({ state: "started", done })
      const answer = await ask(token, fileId, done === 0, signal, () =>
        onProgress({ state: "waiting", done }),
      )
      if ("url" in answer) {
        begin(answer.url)
        done += 1
        if (done < fileIds.length) {
          onProgress({ state: "started", done })
          await pause(PAUSE, signal)
        }
      } else if (answer.closed) {
        return location.reload()
      } else {
        return onProgress({ state: "failed", done, reason: answer.reason })
      }
    }
    onProgress({ state: "done", done })
  } catch {
    onProgress(
      signal.aborted ? { state: "stopped", done } : { state: "failed", done, reason: null },
    )
  }
}

type Answer = { url: string } | { closed: boolean; reason: string | null }

/** The first address comes with the claim, the others by the ticket it left. */
async function ask(
  token: string,
  fileId: string,
  isFirst: boolean,
  signal: AbortSignal,
  onWait: () => void,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const response = isFirst
      ? await fetch(`/s/${token}/claim`, {
          method: "POST",
          headers: { "Content-Type": "application/json", Accept: "application/json" },
          body: JSON.stringify({ fileIds: [fileId] }),
          signal,
        })
      : await fetch(`/s/${token}/d/${fileId}`, {
          headers: { Accept: "application/json" },
          signal,
        })
    const body: unknown = await response.json().catch(() => null)
    if (response.ok) {
      const url = isFirst ? firstUrl(body) : textAt(body, "url")
      return url ? { url } : { closed: true, reason: null }
    }
    const isBusy = response.status === 429 || response.status === 503
    if (isBusy && attempt < 5) {
      onWait()
      const seconds = Number(response.headers.get("Retry-After")) || attempt
      await pause(Math.min(seconds, 60) * 1000, signal)
      continue
    }
    return {
      closed: [401, 404, 410].includes(response.status),
      reason: textAt(body, "title"),
    }
  }
}

function firstUrl(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("files" in body)) return null
  return Array.isArray(body.files) ? textAt(body.files[0], "url") : null
}

function textAt(body: unknown, key: string): string | null {
  if (typeof body !== "object" || body === null) return null
  const value: unknown = Reflect.get(body, key)
  return typeof value === "string" ? value : null
}

/** A hidden frame rather than a link: the next download would cancel a navigation of the page itself. */
function begin(url: string) {
  const frame = document.createElement("iframe")
  frame.hidden = true
  frame.referrerPolicy = "no-referrer"
  frame.src = url
  document.body.append(frame)
  setTimeout(() => frame.remove(), FRAME_LIFE)
}

function pause(milliseconds: number, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
