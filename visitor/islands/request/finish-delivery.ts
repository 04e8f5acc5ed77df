import { callApi } from "#packages/uploader/transport/api-client.ts"
import { t } from "../page-data.ts"

type Finishing = {
  /** The number of files that are sent, and of those that stay behind. */
  count: number
  out: number
  /** Whether some of the files to send have not arrived yet. */
  isSending: boolean
}

/**
 * Submits the form that ends the delivery. `show` passes it the current files. A submission waits for
 * those that are being sent, then `leaveOut` removes what stays behind. It stops if more files stay
 * behind than the button said. What is typed survives a reload of the tab.
 */
export function finishDelivery(link: string, leaveOut: () => Promise<unknown>) {
  const form = document.querySelector<HTMLFormElement>("form[data-done]")
  const button = form?.querySelector("button")
  if (!form || !button) return null
  const problem = form.querySelector("[data-problem]")
  let files: Finishing = { count: 0, out: 0, isSending: false }
  /** The number of files to leave out that the sender agreed to; null before a submission. */
  let agreed: number | null = null
  let isEnding = false
  keepTyped(form, link)

  function draw() {
    if (!form || !button) return
    form.hidden = files.count === 0 && !isEnding
    button.disabled = agreed !== null
    button.classList.toggle("button-primary", !files.isSending)
    button.classList.toggle("button-quiet", files.isSending)
    const text = t(`visitor.request.${agreed === null ? "done" : "finishing"}`, {
      count: files.count,
      out: files.out,
    })
    if (button.textContent !== text) button.textContent = text
  }

  async function finish() {
    if (!form || agreed === null || isEnding || files.isSending) return
    if (agreed !== files.out) {
      agreed = null
      return draw()
    }
    isEnding = true
    await leaveOut()
    const url = `${link}/done`
    const answer = await callApi({ method: "POST", url, body: inputOf(form), expectedField: "id" })
    if (answer.ok) {
      sessionStorage.removeItem(link)
      return location.assign(`${link}/receipt`)
    }
    agreed = null
    isEnding = false
    draw()
    if (problem) problem.textContent = answer.message ?? t("visitor.request.waiting")
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    agreed = files.out
    if (problem) problem.textContent = ""
    draw()
    void finish()
  })
  return {
    show(now: Finishing) {
      files = now
      draw()
      void finish()
    },
  }
}

/** Keeps the name and the answers in this tab until the delivery is done. */
function keepTyped(form: HTMLFormElement, link: string) {
  const kept = new URLSearchParams(sessionStorage.getItem(link) ?? "")
  for (const input of form.querySelectorAll("input")) input.value ||= kept.get(input.name) ?? ""
  form.addEventListener("input", () => {
    const typed = [...new FormData(form)].map(([name, value]) => [name, String(value)])
    sessionStorage.setItem(link, new URLSearchParams(typed).toString())
  })
}

function inputOf(form: HTMLFormElement) {
  const given = [...new FormData(form)].map(
    ([name, value]) => [name, String(value).trim()] as const,
  )
  const sender = given.filter(([name]) => name === "name" || name === "address")
  const own = given.flatMap(([name, value]) =>
    name.startsWith("own ") ? [[name.slice("own ".length), value] as const] : [],
  )
  return { sender: Object.fromEntries(sender), fields: Object.fromEntries(own) }
}
