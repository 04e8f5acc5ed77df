import type { Page } from "@playwright/test"
import { type Signing, signPut } from "./sign-put.ts"

type BarePut = Omit<Signing, "size"> & {
  /** The path of a page of the app that may send to the store. */
  from: string
  file: { path: string; size: number }
}

/** Seconds of one PUT of a file by a page of the app. */
export async function barePut(page: Page, { from, file, ...signing }: BarePut) {
  const { url, remove } = await signPut({ ...signing, size: file.size })
  await page.goto(from)
  await page.evaluate(() => {
    const input = document.createElement("input")
    input.type = "file"
    input.id = "bare"
    document.body.append(input)
  })
  await page.locator("#bare").setInputFiles(file.path)
  const seconds = await page.evaluate(
    (url) =>
      new Promise<number>((resolve, reject) => {
        const input = document.querySelector("#bare")
        const body = input instanceof HTMLInputElement ? input.files?.[0] : undefined
        if (!body) throw new Error("no file was chosen")
        const request = new XMLHttpRequest()
        const startedAt = performance.now()
        request.open("PUT", url)
        request.setRequestHeader("Content-Type", "video/quicktime") // as signPut signs it
        request.onload = () =>
          request.status === 200
            ? resolve((performance.now() - startedAt) / 1000)
            : reject(new Error(`${request.status} ${request.responseText}`))
        request.onerror = () => reject(new Error("the PUT got no answer"))
        request.send(body)
      }),
    url,
  )
  await remove()
  return seconds
}
