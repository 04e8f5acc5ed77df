import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { type Polling, poll } from "./poll.ts"

const PAUSES = { first: () => 4_000, most: 10_000, slowing: 2 }

let tab: EventTarget & { hidden: boolean }
let polling: Polling

beforeEach(() => {
  vi.useFakeTimers()
  tab = Object.assign(new EventTarget(), { hidden: false })
  vi.stubGlobal("document", tab)
  vi.stubGlobal("window", new EventTarget())
})
afterEach(() => {
  polling.stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/**
 * Starts polling; each poll resolves with the result of `answer`. Returns the seconds at which it
 * polled.
 */
function started(answer: () => Promise<boolean>) {
  const start = Date.now()
  const looks: number[] = []
  polling = poll(PAUSES, () => {
    looks.push((Date.now() - start) / 1_000)
    return answer()
  })
  return looks
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000)

function show(shown: boolean) {
  tab.hidden = !shown
  tab.dispatchEvent(new Event("visibilitychange"))
}

describe("poll", () => {
  it("polls repeatedly, and less and less often while the polls return false", async () => {
    let isNews = true
    const looks = started(async () => isNews)
    await seconds(13)
    expect(looks).toEqual([4, 8, 12])
    isNews = false
    await seconds(35)
    expect(looks.slice(3)).toEqual([16, 24, 34, 44])
    isNews = true
    await seconds(15)
    expect(looks.slice(7)).toEqual([54, 58, 62])
  })

  it("never polls in a hidden tab, and polls at once when the tab is shown again", async () => {
    const looks = started(async () => true)
    await seconds(5)
    show(false)
    await seconds(600)
    window.dispatchEvent(new Event("online"))
    polling.pollNow()
    await seconds(600)
    expect(looks).toEqual([4])
    expect(vi.getTimerCount()).toBe(0)

    show(true)
    await seconds(0)
    expect(looks).toEqual([4, 1205])
    await seconds(4)
    expect(looks).toEqual([4, 1205, 1209])
  })

  it("polls one at a time, and not after it was stopped", async () => {
    const answer = Promise.withResolvers<boolean>()
    const looks = started(() => answer.promise)
    await seconds(5)
    for (let time = 0; time < 3; time++) window.dispatchEvent(new Event("online"))
    await seconds(60)
    expect(looks).toEqual([4])

    polling.stop()
    answer.resolve(true)
    show(true)
    await seconds(60)
    expect(looks).toEqual([4])
    expect(vi.getTimerCount()).toBe(0)
  })
})
