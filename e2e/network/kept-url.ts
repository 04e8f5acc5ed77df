import { type APIRequestContext, expect } from "@playwright/test"
import type { ShareView } from "../member-client.ts"
import { click, leadsToStore } from "./send-click.ts"

/** Clicks a download of a share and returns the URL instead of following it. */
export async function keepUrl(visitor: APIRequestContext, share: ShareView): Promise<string> {
  const answer = await click(visitor, share)
  expect(leadsToStore(answer)).toBe(true)
  return answer.headers().location ?? ""
}

export async function statusOf(url: string): Promise<number> {
  const answer = await fetch(url)
  await answer.body?.cancel()
  return answer.status
}
