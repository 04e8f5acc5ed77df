import { loadWords, t } from "#visitor/islands/page-data.ts"
import { fileIdOf, makeZip } from "./zip.ts"

const chosen = new Set<string>()
let bar: HTMLElement | undefined

/** Adds a checkbox before each file and folder, and a bar that downloads the selection. */
export async function startChoosing() {
  if (bar) return stopChoosing()
  await loadWords()
  bar = makeBar()
  document.body.append(bar)
  document.body.dataset.choosing = ""
  addBoxes()
  showChosen()
  boxes()[0]?.focus()
}

function stopChoosing() {
  bar?.remove()
  bar = undefined
  chosen.clear()
  delete document.body.dataset.choosing
  for (const box of boxes()) box.remove()
  document.querySelector<HTMLElement>("[data-choose]")?.focus()
}

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && bar) stopChoosing()
})
// A redraw of the page creates rows without checkboxes.
document.addEventListener("lapse:redrawn", () => {
  if (!bar) return
  addBoxes()
  showChosen()
})

const boxes = () => document.querySelectorAll<HTMLInputElement>("input[data-choose-box]")

function addBoxes() {
  for (const form of document.querySelectorAll<HTMLFormElement>('#files form[action*="/d/"]')) {
    const row = form.closest("li")
    const name = row?.querySelector("p")?.textContent ?? ""
    const box = makeBox("file", t("visitor.islands.zip.chooseFile", { name }))
    box.value = fileIdOf(form)
    box.onchange = () => choose([box])
    row?.prepend(box)
  }
  for (const folder of document.querySelectorAll("#files li > details:not([data-copy])")) {
    const row = folder.parentElement
    const name = folder.querySelector("summary > span")?.textContent ?? ""
    // A folder that the page lists only in part has no checkbox: its button downloads all of it.
    if (!row?.querySelector('form[action*="/d/"]') || row.querySelector("a[data-list-page]"))
      continue
    const box = makeBox("folder", t("visitor.islands.zip.chooseFolder", { name }))
    box.onchange = () => {
      const inside = fileBoxesIn(row)
      for (const each of inside) each.checked = box.checked
      choose(inside)
    }
    row.prepend(box)
  }
}

function makeBox(kind: "file" | "folder", label: string) {
  const box = document.createElement("input")
  box.type = "checkbox"
  box.dataset.chooseBox = kind
  box.className = `size-4 shrink-0 ${kind === "file" ? "self-center" : "mt-3.5 self-start"}`
  box.setAttribute("aria-label", label)
  return box
}

const fileBoxesIn = (part: ParentNode) =>
  Array.from(part.querySelectorAll<HTMLInputElement>("input[data-choose-box=file]"))

function choose(changed: HTMLInputElement[]) {
  for (const { value, checked } of changed) {
    if (checked) chosen.add(value)
    else chosen.delete(value)
  }
  showChosen()
}

/** Checkboxes of folders show whether all, some or none of their files are selected. */
function showChosen() {
  for (const box of boxes()) {
    const row = box.closest("li")
    if (box.dataset.chooseBox === "file") {
      box.checked = chosen.has(box.value)
      continue
    }
    const inside = fileBoxesIn(row ?? document)
    const count = inside.filter(({ value }) => chosen.has(value)).length
    box.checked = count === inside.length
    box.indeterminate = count > 0 && count < inside.length
  }
  const text = bar?.querySelector("p")
  if (text) text.textContent = t("visitor.islands.zip.chosen", { count: chosen.size })
  const download = bar?.querySelector<HTMLButtonElement>("[data-download-chosen]")
  if (download) download.disabled = chosen.size === 0
}

function makeBar() {
  const made = document.createElement("section")
  made.className =
    "fixed inset-x-0 bottom-0 border-t border-line bg-raised shadow-raised print:hidden"
  made.setAttribute("aria-label", t("visitor.islands.zip.chosenLabel"))
  const count = document.createElement("p")
  count.setAttribute("role", "status")
  const stop = makeButton("button-text", t("visitor.islands.zip.stopChoosing"))
  stop.onclick = stopChoosing
  const download = makeButton("button-primary", t("visitor.islands.zip.downloadChosen"))
  download.dataset.downloadChosen = ""
  download.onclick = () => {
    const fileIds = [...chosen]
    stopChoosing()
    window.scrollTo({ top: 0 })
    void makeZip({ folder: "", fileIds })
  }
  count.className = "grow text-sm font-medium"
  const row = document.createElement("div")
  row.className = "mx-auto flex max-w-140 flex-wrap items-center gap-x-2 gap-y-1 px-5.5 py-2.5"
  row.append(count, stop, download)
  made.append(row)
  return made
}

function makeButton(look: string, text: string) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = `button ${look} button-sm`
  button.textContent = text
  return button
}
