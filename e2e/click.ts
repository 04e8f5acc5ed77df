import type { APIRequestContext, Download, Page } from "@playwright/test"
import type { ShareView } from "./member-client.ts"

type Link = Pick<ShareView, "url" | "files">

/** Where a share's file is downloaded, on the app. */
export function downloadPath({ url, files }: Link, index = 0) {
  return `${new URL(url).pathname}/d/${files[index]?.id}`
}

/** The click of a browser without JavaScript. It follows nothing. */
export function click(visitor: APIRequestContext, link: Link, headers = {}) {
  return visitor.post(downloadPath(link), { headers, maxRedirects: 0 })
}

/** Opens the link's page as a browser does, which leaves a visit id. */
export function open(visitor: APIRequestContext, { url }: Pick<Link, "url">, headers = {}) {
  return visitor.get(new URL(url).pathname, { headers })
}

/** A click's answer leads to the store, or else back to the page. */
export const leadsToStore = (response: { headers(): Record<string, string> }) =>
  response.headers().location?.includes("X-Amz-Signature=") ?? false

/** Clicks a download button and waits for the browser to begin. */
export async function downloadBy(page: Page, name: string | RegExp): Promise<Download> {
  const begun = page.waitForEvent("download")
  await page.getByRole("button", { name }).click()
  return begun
}
