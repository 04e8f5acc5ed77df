import "client-only"

/** Copies, also on plain http where there is no clipboard API. False when the browser refuses: then show the text to select. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string) {
  const field = document.createElement("textarea")
  field.value = text
  field.readOnly = true
  field.style.cssText = "position:fixed;inset-block-start:0;opacity:0"
  // Inside an open dialog: its focus trap would take the selection away.
  const focused = document.activeElement
  const parent = focused?.closest("[role=dialog], [role=alertdialog]") ?? document.body
  parent.append(field)
  field.select()
  const copied = document.execCommand("copy")
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
