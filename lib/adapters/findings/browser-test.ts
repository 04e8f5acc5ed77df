import "server-only"

/** The requests with which a browser tests whether it can reach the store as pages do. */
export type BrowserTest = {
  /** The origin of the store. */
  origin: string
  /** The uploads: an object, and a part of one. */
  puts: { url: string; headers: Record<string, string>; body: string }[]
  /** A download with a range; the answer must have these headers and this text. */
  get: { url: string; text: string; exposed: readonly string[] }
}

/** The result of the test: null if everything worked, otherwise the part that failed and why. */
export type BrowserResult = { failed: "upload" | "download" | "headers"; reason: string } | null
