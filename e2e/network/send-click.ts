import type { APIRequestContext, Download, Page } from "@playwright/test"
import type { ShareView } from "../member-client.ts"

type Link = Pick<ShareView, "url" | "files">

/** The path that downloads a file of the share. */
export function downloadPath({ url, files }: Link, index = 0) {
  return `${new URL(url).pathname}/d/${files[index]?.id}`
}

/** Sends the request of a click without JavaScript. Follows no redirect. */
export function click(visitor: APIRequestContext, link: Link, headers = {}) {
  return visitor.post(downloadPath(link), { headers, maxRedirects: 0 })
}

/** Opens the link's page like a browser; the answer sets a visit id. */
export function open(visitor: APIRequestContext, { url }: Pick<Link, "url">, headers = {}) {
  return visitor.get(new URL(url).pathname, { headers })
}

/** Whether the answer to a click redirects to the store, not back to the page. */
export const leadsToStore = (response: { headers(): Record<string, string> }) =>
  response.headers().location?.includes("X-Amz-Signature=") ?? false

/** Clicks a download button and waits until the download starts. */
export async function downloadBy(page: Page, name: string | RegExp): Promise<Download> {
  const started = page.waitForEvent("download")
  await page.getByRole("button", { name }).click()
  return started
}
