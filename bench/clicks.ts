import { requestText, USER_AGENT } from "./browser-request.ts"

const VISITORS = 4000

type Clicked = { token: string; fileId: string }

/** Requests of clicks on these links, each of a new visitor. */
export async function clicksOn(port: number, links: Clicked[]): Promise<string[]> {
  const { newVisitId, signVisit } = await import("#lib/claims/visitor-cookies.ts")
  return Array.from({ length: VISITORS }, (_, n) => {
    const { token, fileId } = links[n % links.length] ?? { token: "", fileId: "" }
    return requestText(`POST /s/${token}/d/${fileId}`, {
      Host: `localhost:${port}`,
      "User-Agent": USER_AGENT,
      Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      "Accept-Language": "en",
      Cookie: `lapse-visit=${signVisit(newVisitId())}`,
      Origin: `http://localhost:${port}`,
      Referer: `http://localhost:${port}/s/${token}`,
      "Content-Type": "application/x-www-form-urlencoded",
      "Content-Length": "0",
    })
  })
}
