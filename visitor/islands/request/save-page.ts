import { element } from "#components/viewer/element.ts"

/** Saves the page as a file that is read without a connection: with its styles, and no script. */
export function savePage(name: string) {
  const page = document.documentElement.cloneNode(true) as HTMLElement
  for (const part of page.querySelectorAll("script, link, [data-keep]")) part.remove()
  const rules = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules])
  const style = element("style", {}, rules.map(({ cssText }) => cssText).join("\n"))
  // The links of the page lead to the app.
  const base = element("base", { href: location.href })
  page.querySelector("head")?.append(base, style)
  const file = new Blob(["<!DOCTYPE html>", page.outerHTML], { type: "text/html" })
  const href = URL.createObjectURL(file)
  element("a", { href, download: name }).click()
}
