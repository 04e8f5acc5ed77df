import "server-only"

/** What a browser does to see whether it reaches the store as pages do. */
export type BrowserTest = {
  /** The origin of the store. */
  origin: string
  /** What it uploads: an object, and a part of one. */
  puts: { url: string; headers: Record<string, string>; body: string }[]
  /** Asked for with a range; the answer has the named headers and the text. */
  get: { url: string; text: string; exposed: readonly string[] }
}

/** The result in the browser: null where all of it worked, else what did not, and why. */
export type BrowserResult = { failed: "upload" | "download" | "headers"; reason: string } | null
