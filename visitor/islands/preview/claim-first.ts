import { messageIn, textButton } from "#components/viewer/viewer-frame.ts"
import { showTicket } from "../following/announce-downloads.ts"
import { refresh } from "../following/follow.ts"
import { pageData, t } from "../page-data.ts"

/**
 * Says that a preview counts where downloads, or the people who may preview, are limited, and
 * claims on demand: once, for all files of the link.
 */
export function askToClaim(fileId: string, onClaimed: () => void): HTMLElement {
  const label = pageData.viewOnly
    ? t("visitor.islands.preview.countLook")
    : t("visitor.islands.preview.count")
  const button = textButton("primary", label, async () => {
    button.disabled = true
    const answer = await claim(fileId)
    button.disabled = false
    if (answer === "claimed") {
      pageData.needsClaim = false
      showTicket()
      onClaimed()
      return
    }
    // A link that was closed meanwhile reloads the page, which says so.
    if (answer === null || (await refresh()))
      status.textContent = t("visitor.islands.preview.notCounted")
  })
  const sentence = pageData.viewOnly
    ? t("visitor.islands.preview.countsLook")
    : t("visitor.islands.preview.counts")
  const message = messageIn(sentence, button)
  const status = document.createElement("p")
  status.setAttribute("role", "alert")
  message.append(status)
  return message
}

/** Null if there was no answer, or the app is busy. */
async function claim(fileId: string): Promise<"claimed" | "refused" | null> {
  try {
    const response = await fetch(`/s/${pageData.token}/claim`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ fileIds: [fileId] }),
    })
    await response.body?.cancel()
    if (response.status === 503) return null
    return response.ok ? "claimed" : "refused"
  } catch {
    return null
  }
}
