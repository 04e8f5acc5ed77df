import { host } from "../host.ts"

export type Minted = {
  url: string
  /** By the server's clock, in milliseconds. */
  expiresAt: number
}

/** The reason why there is no URL. "closed": the link does not open, or the file is deleted. */
export type NoAddress =
  | "offline"
  | "busy"
  | "closed"
  | "needs_claim"
  | "no_preview"
  | "unsupported"
  | "failed"

const ATTEMPTS = 4
const LONGEST_WAIT_SECONDS = 30

/**
 * Mints a URL that shows a file. While the server is busy, waits the requested time, a few times;
 * `onWait` is called before each wait. Throws only when aborted.
 */
export async function mintAddress(
  fileId: string,
  signal: AbortSignal,
  onWait: () => void,
): Promise<Minted | NoAddress> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await ask(fileId, signal)
    if (!response) return "offline"
    if (response.ok) return readMinted(response)
    const isBusy = response.status === 429 || response.status === 503
    if (!isBusy) return reasonOf(response)
    if (attempt === ATTEMPTS) return "busy"
    onWait()
    const seconds = Number(response.headers.get("Retry-After")) || attempt
    await pause(Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000, signal)
  }
}

async function ask(fileId: string, signal: AbortSignal) {
  try {
    return await host.request(fileId, signal)
  } catch {
    signal.throwIfAborted()
    return null
  }
}

async function readMinted(response: Response): Promise<Minted | NoAddress> {
  const body: unknown = await response.json().catch(() => undefined)
  const address = body === undefined ? undefined : host.addressIn(body)
  if (address === null) return "closed"
  const url = valueAt(address, "url")
  const expiresAt = Date.parse(String(valueAt(address, "expiresAt")))
  return typeof url === "string" && expiresAt > 0 ? { url, expiresAt } : "failed"
}

async function reasonOf(response: Response): Promise<NoAddress> {
  const { status } = response
  if (status === 415) return "unsupported"
  if (status === 401 || status === 404 || status === 410) return "closed"
  const code = valueAt(await response.json().catch(() => null), "code")
  return code === "needs_claim" || code === "no_preview" ? code : "failed"
}

function valueAt(body: unknown, key: string): unknown {
  return typeof body === "object" && body !== null ? Reflect.get(body, key) : undefined
}

export function pause(milliseconds: number, signal: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    signal.throwIfAborted()
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
