import { setTimeout as sleep } from "node:timers/promises"
import type { ShareView } from "../../member-client.ts"
import { downloadPath } from "../../network/send-click.ts"

/** Requests to a share that continue until they are stopped, and their answers. */
export type Visits = {
  share: ShareView
  /** The number of clicks that led to the store. */
  granted: number
  /** The number of clicks that the share's conditions refused. */
  refused: number
  /** Answers that the story fails on. */
  failed: string[]
  stop: () => Promise<void>
}

type Click = { cookie?: string; pauseMs?: number; count?: number }

/**
 * Clicks from this many visitors, one after another, as a page without JavaScript does; with the
 * cookies of a ticket a click is no new claim.
 */
export function startClicking(share: ShareView, { cookie, pauseMs = 10, count = 1 }: Click = {}) {
  let stopped = false
  const visits: Visits = {
    share,
    granted: 0,
    refused: 0,
    failed: [],
    async stop() {
      stopped = true
      await running
    },
  }
  const init = { method: cookie ? "GET" : "POST", headers: cookie ? { cookie } : {} }
  const run = async () => {
    while (!stopped) {
      note(visits, await clickOnce(share, init))
      await sleep(pauseMs)
    }
  }
  const running = Promise.all(Array.from({ length: count }, run))
  return visits
}

function note(visits: Visits, answer: string) {
  if (answer === "store") visits.granted += 1
  else if (answer === "page") visits.refused += 1
  else visits.failed.push(answer)
}

/** The result of a click: a redirect to the store or back to the page, or something else. */
async function clickOnce(share: ShareView, init: RequestInit) {
  try {
    const address = new URL(downloadPath(share), share.url)
    const answer = await fetch(address, { redirect: "manual", ...init })
    const text = await answer.text()
    const to = answer.headers.get("location") ?? ""
    // A POST is answered with 303, and a GET with 302.
    if (to && answer.status < 400) return to.includes("X-Amz-Signature=") ? "store" : "page"
    return answer.status === 410 ? "page" : `${answer.status} ${text.slice(0, 200)}`
  } catch (error) {
    return String(error instanceof Error && error.cause ? error.cause : error)
  }
}

/** Opens a link, enters its password, and clicks; returns the cookies of the visit. */
export async function takeTicket(share: ShareView, password: string): Promise<string> {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ")
    const headers = { ...init.headers, cookie }
    const answer = await fetch(new URL(path, share.url), { redirect: "manual", ...init, headers })
    await answer.arrayBuffer()
    for (const set of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = set.split(";")[0]?.split(/=(.*)/) ?? []
      cookies.set(name, value)
    }
  }
  const { pathname } = new URL(share.url)
  await send(pathname)
  await send(`${pathname}/unlock`, { method: "POST", body: new URLSearchParams({ password }) })
  await send(downloadPath(share), { method: "POST" })
  return [...cookies].map((pair) => pair.join("=")).join("; ")
}
