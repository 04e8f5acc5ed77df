import { poll } from "#components/refresh/poll.ts"
import { leave } from "./leave.ts"
import { readState } from "./link-state.ts"
import { pageData } from "./page-data.ts"

const SOON_MS = 10_000
const LATE_MS = 60_000

/** Reloads a page that shows no files when the link is no longer as the page says. */
export function followPage() {
  poll({ first: () => SOON_MS, most: LATE_MS }, async () => {
    const found = await readState()
    if (found && found.page !== pageData.state && !keeps(found.page)) leave()
    return false
  })
}

/** While the link stays over, a line that is being written is worth more than why it is over. */
const keeps = (page: string) =>
  ["revoked", "expired", "used_up"].includes(page) &&
  Boolean(document.querySelector<HTMLTextAreaElement>("textarea[name=note]")?.value)
