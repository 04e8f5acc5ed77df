import fs from "node:fs"
import type { Browser } from "@playwright/test"

/** The resident bytes of processes, without mapped or cached files. */
export function residentBytes(pids: number[]) {
  return pids.reduce((sum, pid) => {
    try {
      const status = fs.readFileSync(`/proc/${pid}/status`, "utf8")
      return sum + Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
    } catch {
      return sum // a helper process of the browser that has ended
    }
  }, 0)
}

/** The resident bytes of all processes of the browser. */
export async function browserMemory(browser: Browser) {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send("SystemInfo.getProcessInfo")
  await session.detach()
  return residentBytes(processInfo.map(({ id }) => id))
}
