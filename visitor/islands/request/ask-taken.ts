import { element } from "#components/viewer/element.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { IfTaken, Upload } from "#packages/uploader/upload.ts"
import { locale, t } from "../page-data.ts"

/** The most files that are listed by name. */
const MAX_ROWS = 100

/**
 * Creates the dialog that asks once what to do with all files whose names different files have.
 * `answer` gets the ids of their uploads.
 */
export function createTakenQuestion(answer: (ids: string[], ifTaken: IfTaken) => void) {
  let ids: string[] = []
  const title = element("h2", { id: "taken", class: "text-xl font-semibold" })
  const text = element("p", { class: "mt-2 text-soft" })
  const list = element("ul", { class: "my-4 max-h-[32dvh] overflow-y-auto" })
  const button = (ifTaken: IfTaken, look = "quiet") =>
    element(
      "button",
      {
        type: "button",
        class: `button button-md button-${look}`,
        autofocus: ifTaken === "skip",
        click: () => answer(ids, ifTaken),
      },
      t(`visitor.islands.taken.${ifTaken}`),
    )
  const buttons = element(
    "div",
    { class: "flex flex-wrap justify-end gap-3 max-sm:flex-col-reverse" },
    button("skip"),
    button("keepBoth"),
    button("replace", "primary"),
  )
  const dialog = element(
    "dialog",
    {
      class:
        "m-auto w-full max-w-140 rounded-2xl bg-raised p-6 text-ink shadow-raised inset-ring inset-ring-line backdrop:bg-shade max-sm:mb-0 max-sm:max-w-none max-sm:rounded-b-none",
      "aria-labelledby": "taken",
      cancel: () => answer(ids, "skip"),
    },
    title,
    text,
    list,
    buttons,
  )
  document.body.append(dialog)

  return {
    /** Shows the question about these uploads; closes it if there are none. */
    show(uploads: readonly Upload[]) {
      const count = uploads.length
      if (count === 0) dialog.close()
      if (count === 0 || (dialog.open && count === ids.length)) return
      ids = uploads.map(({ id }) => id)
      title.textContent = t("visitor.islands.taken.title", { count })
      text.textContent = t("visitor.islands.taken.text", { many: count > 1 ? "yes" : "no" })
      list.setAttribute("aria-label", title.textContent)
      // A scrolling region must be focusable.
      if (count > 3) list.tabIndex = 0
      else list.removeAttribute("tabindex")
      const more = t("visitor.islands.taken.more", { count: count - MAX_ROWS })
      list.replaceChildren(
        ...uploads.slice(0, MAX_ROWS).map(rowOf),
        ...(count > MAX_ROWS ? [element("li", { class: "file-row text-sm text-soft" }, more)] : []),
      )
      if (!dialog.open) dialog.showModal()
    },
  }
}

function rowOf({ name, path, size, taken }: Upload) {
  const bytes = (size: number) => formatBytes(size, locale)
  const old = taken && t("visitor.islands.taken.old", { size: bytes(taken.size) })
  const facts = [old, t("visitor.islands.taken.new", { size: bytes(size) })]
  return element(
    "li",
    { class: "file-row" },
    element(
      "div",
      {},
      element("p", {}, path ? `${path}/${name}` : name),
      element("p", {}, facts.filter(Boolean).join(" · ")),
    ),
  )
}
