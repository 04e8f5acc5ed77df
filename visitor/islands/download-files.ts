/** `total` is 0 until the claim has said how many are ready. */
export type Progress = { done: number; total: number } & (
  | { state: "started" | "waiting" | "done" | "stopped" }
  /** `reason` is the server's sentence, null when it could not be asked. */
  | { state: "failed"; reason: string | null }
)

type Download = {
  token: string
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

/** Browsers drop downloads that begin at the same moment. */
const PAUSE = 900
const FRAME_LIFE = 60_000

/**
 * Claims all ready files once, then starts a download of each by a URL minted at its turn. Reloads
 * the page if the link closed meanwhile. Never throws: it reports failures.
 */
export async function downloadFiles({ token, signal, onProgress }: Download) {
  let done = 0
  let total = 0
  const report = (state: "started" | "waiting" | "done" | "stopped") =>
    onProgress({ state, done, total })
  const fail = (reason: string | null) => onProgress({ state: "failed", done, total, reason })
  try {
    report("started")
    const claimed = await ask(`/s/${token}/claim`, CLAIM, signal, () => report("waiting"))
    if (!claimed.ok) return claimed.closed ? location.reload() : fail(claimed.reason)
    const files = filesIn(claimed.body)
    total = files.length
    for (const file of files) {
      report("started")
      // The claim returns the first URL; the ticket that it set mints the others.
      const answer =
        done === 0
          ? claimed
          : await ask(`/s/${token}/d/${file.id}`, MINT, signal, () => report("waiting"))
      if (!answer.ok) return answer.closed ? location.reload() : fail(answer.reason)
      begin(done === 0 ? file.url : textAt(answer.body, "url"))
      done += 1
      report("started")
      if (done < total) await pause(PAUSE, signal)
    }
    report("done")
  } catch {
    if (signal.aborted) report("stopped")
    else fail(null)
  }
}

const CLAIM = {
  method: "POST",
  headers: { "Content-Type": "application/json", Accept: "application/json" },
  body: "{}",
}
const MINT = { headers: { Accept: "application/json" } }

type Answer = { ok: true; body: unknown } | { ok: false; closed: boolean; reason: string | null }

async function ask(
  path: string,
  init: RequestInit,
  signal: AbortSignal,
  onWait: () => void,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(path, { ...init, signal })
    const body: unknown = await response.json().catch(() => null)
    if (response.ok) return { ok: true, body }
    const isBusy = response.status === 429 || response.status === 503
    if (!isBusy || attempt === 5) {
      const closed = [401, 404, 410].includes(response.status)
      return { ok: false, closed, reason: textAt(body, "title") || null }
    }
    onWait()
    const seconds = Number(response.headers.get("Retry-After")) || attempt
    await pause(Math.min(seconds, 60) * 1000, signal)
  }
}

function filesIn(body: unknown): { id: string; url: string }[] {
  if (typeof body !== "object" || body === null || !("files" in body)) return []
  if (!Array.isArray(body.files)) return []
  return body.files.map((file: unknown) => ({ id: textAt(file, "id"), url: textAt(file, "url") }))
}

function textAt(body: unknown, key: string): string {
  if (typeof body !== "object" || body === null) return ""
  const value: unknown = Reflect.get(body, key)
  return typeof value === "string" ? value : ""
}

/**
 * A hidden frame rather than a link: the next download would cancel a navigation of the page
 * itself.
 */
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
