import "server-only"
import type { Probe } from "#lib/storage.ts"
import type { Finding } from "./finding.ts"

/** The result of a test in a browser: null where all of it worked, else what did not, and why. */
export type BrowserResult = { failed: "upload" | "download" | "headers"; reason: string } | null

/** What the checks of one run use. */
export type Tools = Probe & {
  browser: {
    /** The result of the browser that asked for this run; undefined where none did. */
    result: BrowserResult | undefined
    /** The finding of an earlier run. */
    earlier: Finding | undefined
  }
}
