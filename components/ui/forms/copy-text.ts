/**
 * Copies a text. Returns false if the browser could not. On plain http outside localhost there is
 * no clipboard API, but the old command may work.
 */
export async function copyText(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      // The browser forbids it, so the old command is tried.
    }
  }
  return copyByCommand(text)
}

/**
 * Copies a text that is not known yet. Returns false if the browser could not, or if the promise
 * was rejected. Must be called during the click or drop event, because some browsers only allow
 * copying then.
 */
export async function copyLater(text: Promise<string>): Promise<boolean> {
  if (window.isSecureContext && "ClipboardItem" in window) {
    const blob = text.then((known) => new Blob([known], { type: "text/plain" }))
    // The failure is reported below; it must not become an unhandled rejection.
    blob.catch(() => {})
    try {
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })])
      return true
    } catch {
      // The browser forbids it, or requires the text at once.
    }
  }
  const known = await text.catch(() => null)
  return known !== null && copyText(known)
}

function copyByCommand(text: string): boolean {
  const focused = document.activeElement
  const area = document.createElement("textarea")
  area.value = text
  area.readOnly = true
  area.className = "fixed top-0 opacity-0"
  // Inside an open dialog, whose focus trap would take the focus from a text area elsewhere.
  const place = focused?.closest('[role="dialog"], [role="alertdialog"]') ?? document.body
  place.append(area)
  area.select()
  const copied = document.execCommand("copy")
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
