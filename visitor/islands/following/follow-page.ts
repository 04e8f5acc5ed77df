import { poll } from "#components/calls/poll.ts"
import { pageData } from "#visitor/islands/page-data.ts"
import { CLOSED, leave } from "./leave.ts"
import { readState } from "./link-state.ts"

const SOON_MS = 10_000
const MAX_PAUSE_MS = 60_000

/** Follows a page that shows no files: reloads it when the link no longer has the state shown. */
export function followPage() {
  poll({ first: () => SOON_MS, most: MAX_PAUSE_MS }, async () => {
    const found = await readState()
    if (found && found.page !== pageData.state && !keeps(found.page)) leave()
    return false
  })
}

/** Whether the page stays, because the visitor has typed a note that is not sent. */
const keeps = (page: string) =>
  [...CLOSED, "empty"].includes(page) &&
  Boolean(document.querySelector<HTMLTextAreaElement>("textarea[name=note]")?.value)
