import { callApi } from "#packages/uploader/transport/api-client.ts"
import { t } from "../page-data.ts"

/** Handles the form that ends the delivery. `show` says whether everything has arrived. */
export function finishDelivery(link: string) {
  const form = document.querySelector<HTMLFormElement>("form[data-done]")
  if (!form) return null
  const problem = form.querySelector("[data-problem]")
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const button = form.querySelector("button")
    if (button) button.disabled = true
    const url = `${link}/done`
    const answer = await callApi({ method: "POST", url, body: inputOf(form), expectedField: "id" })
    if (answer.ok) return location.assign(`${link}/receipt`)
    if (button) button.disabled = false
    if (problem) problem.textContent = answer.message ?? t("visitor.request.waiting")
  })
  return {
    show(isComplete: boolean) {
      form.hidden = !isComplete
    },
  }
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
