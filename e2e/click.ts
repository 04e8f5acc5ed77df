import type { APIRequestContext, Download, Page } from "@playwright/test"
import type { ShareView } from "./member-client.ts"

type Link = Pick<ShareView, "url" | "files">

/** The app's path that downloads a file of the share. */
export function downloadPath({ url, files }: Link, index = 0) {
  return `${new URL(url).pathname}/d/${files[index]?.id}`
}

/** Sends the click of a browser without JavaScript. It follows no redirect. */
export function click(visitor: APIRequestContext, link: Link, headers = {}) {
  return visitor.post(downloadPath(link), { headers, maxRedirects: 0 })
}

/** Opens the link's page as a browser does; the answer sets a visit id. */
export function open(visitor: APIRequestContext, { url }: Pick<Link, "url">, headers = {}) {
  return visitor.get(new URL(url).pathname, { headers })
}

/** Whether a click's answer redirects to the store, and not back to the page. */
export const leadsToStore = (response: { headers(): Record<string, string> }) =>
  response.headers().location?.includes("X-Amz-Signature=") ?? false

/** Clicks a download button and waits until the download starts. */
export async function downloadBy(page: Page, name: string | RegExp): Promise<Download> {
  const started = page.waitForEvent("download")
  await page.getByRole("button", { name }).click()
  return started
}
