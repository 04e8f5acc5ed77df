import { afterEach, describe, expect, it, vi } from "vitest"
import { createBroadcastLocks, createTabLocks } from "./tab-locks.ts"

describe("the lock of a file", () => {
  const browserLocks = createTabLocks("test-", "tests")

  it("belongs to one tab until it is released", async () => {
    const unlock = await browserLocks.acquire("one")
    expect(unlock).not.toBeNull()
    expect(await browserLocks.acquire("one")).toBeNull()
    expect(await browserLocks.held()).toEqual(new Set(["one"]))
    const other = await browserLocks.acquire("two")
    expect(await browserLocks.held()).toEqual(new Set(["one", "two"]))

    unlock?.()
    other?.()
    await vi.waitFor(async () => expect(await browserLocks.held()).toEqual(new Set()), 10_000)
    const again = await browserLocks.acquire("one")
    expect(again).not.toBeNull()
    again?.()
  })
})

describe("the lock of a file on plain http", () => {
  const channels: BroadcastChannel[] = []
  afterEach(() => {
    for (const channel of channels.splice(0)) channel.close()
  })
  const aTab = (name = "uploads") =>
    createBroadcastLocks(() => {
      const channel = new BroadcastChannel(name)
      channels.push(channel)
      return channel
    })

  it("belongs to one tab until it is released or the tab is gone", async () => {
    const [one, other] = [aTab(), aTab()]
    const unlock = await one.acquire("film")
    expect(unlock).not.toBeNull()
    expect(await other.acquire("film")).toBeNull()
    expect(await one.acquire("film")).toBeNull()
    expect(await other.acquire("song")).not.toBeNull()
    expect(await other.held()).toEqual(new Set(["film", "song"]))
    expect(await one.held()).toEqual(new Set(["film", "song"]))

    unlock?.()
    expect(await other.acquire("film")).not.toBeNull()
    channels[1]?.close()
    expect(await one.acquire("film")).not.toBeNull()
  })

  it("is answered alone, however many other locks a tab has", async () => {
    const [busy, other] = [aTab("many"), aTab("many")]
    await Promise.all(Array.from({ length: 100 }, (_, n) => busy.acquire(`file ${n}`)))
    const replies: unknown[] = []
    const listener = new BroadcastChannel("many")
    channels.push(listener)
    listener.addEventListener("message", ({ data }) => {
      if ("replyTo" in data) replies.push(data.held)
    })

    expect(await other.acquire("another")).not.toBeNull()
    expect(await other.acquire("file 7")).toBeNull()
    expect(replies).toEqual([["file 7"]])
    expect((await other.held()).size).toBe(101)
  })

  it("goes to exactly one tab when several request it at the same time", async () => {
    const tabs = Array.from({ length: 8 }, () => aTab("crowd"))
    for (const file of ["a", "b", "c"]) {
      const unlocks = await Promise.all(tabs.map((tab) => tab.acquire(file)))
      expect(unlocks.filter((unlock) => unlock !== null)).toHaveLength(1)
    }
  })
})
