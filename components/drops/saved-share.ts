import "client-only"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { DropEntry } from "./drop-entry.ts"
import { dropEntries, sharesChanged, updateDrop } from "./drop-list.ts"

const TITLE_DELAY_MS = 700

/** Sets the title. It is saved with a short delay, or with the link. */
export function typeTitle(id: string, title: string) {
  const entry = dropEntries.get(id)
  if (!entry) return
  updateDrop(entry, { title })
  clearTimeout(entry.titleTimer)
  entry.titleTimer = setTimeout(() => void saveTitle(id), TITLE_DELAY_MS)
}

/** Saves a typed title. */
export async function saveTitle(id: string, options = { keepalive: false }) {
  const entry = dropEntries.get(id)
  if (!entry) return
  clearTimeout(entry.titleTimer)
  const { share, title, team } = entry.view
  if (!share || title === entry.savedTitle) return
  const before = entry.savedTitle
  entry.savedTitle = title
  const answer = await answerOf(
    ask("PATCH /shares/{id}", { id: share.id, body: { title } }, { team, ...options }),
  )
  if (!(answer instanceof ApiError)) return showShare(id, answer)
  entry.savedTitle = before
  updateDrop(entry, { problem: { about: "title", message: answer.message } })
}

/** Updates the share of a drop after a change elsewhere. */
export function showShare(id: string, share: ShareView) {
  const entry = dropEntries.get(id)
  if (!entry) return
  updateDrop(entry, { problem: null })
  follow(entry, share)
  sharesChanged()
}

/** Updates the drops from the shares of a page, without another refresh. */
export function syncShares(shares: readonly ShareView[]) {
  for (const entry of dropEntries.values()) {
    const share = shares.find(({ id }) => id === entry.view.share?.id)
    if (share) follow(entry, share)
  }
}

function follow(entry: DropEntry, share: ShareView) {
  const isTyping = entry.view.title !== entry.savedTitle
  if (!isTyping) entry.savedTitle = share.title
  updateDrop(entry, { share, ...(!isTyping && { title: share.title }) })
}
