import "server-only"
import type { BrowserResult } from "#lib/adapters/findings/browser-test.ts"
import type { Finding } from "#lib/adapters/findings/finding.ts"
import type { Probe } from "#lib/adapters/storage.ts"

export type Tools = Probe & {
  browser: {
    /** The result from the browser that requested this run; undefined if no browser did. */
    result: BrowserResult | undefined
    /** The finding of an earlier run. */
    earlier: Finding | undefined
  }
}
