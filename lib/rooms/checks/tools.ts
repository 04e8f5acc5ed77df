import "server-only"
import type { BrowserResult } from "#lib/adapters/findings/browser-test.ts"
import type { Finding } from "#lib/adapters/findings/finding.ts"
import type { Probe } from "#lib/adapters/storage.ts"

/** The tools that the checks of one run share. */
export type Tools = Probe & {
  browser: {
    /** The result of the browser that asked for this run; undefined if none did. */
    result: BrowserResult | undefined
    /** The finding of an earlier run. */
    earlier: Finding | undefined
  }
}
