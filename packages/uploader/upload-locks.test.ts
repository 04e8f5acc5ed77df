import { afterEach, describe, expect, it, vi } from "vitest"
import { createBrowserLocks, createSpokenLocks } from "./upload-locks.ts"

describe("the lock of an upload", () => {
  const browserLocks = createBrowserLocks()

  it("is one tab's until it is given back", async () => {
    const unlock = await browserLocks.take("one")
    expect(unlock).not.toBeNull()
    expect(await browserLocks.take("one")).toBeNull()
    expect(await browserLocks.taken()).toEqual(new Set(["one"]))
    const other = await browserLocks.take("two")
    expect(await browserLocks.taken()).toEqual(new Set(["one", "two"]))

    unlock?.()
    other?.()
    await vi.waitFor(async () => expect(await browserLocks.taken()).toEqual(new Set()))
    const again = await browserLocks.take("one")
    expect(again).not.toBeNull()
    again?.()
  })
})

describe("the lock of an upload on plain http", () => {
  const channels: BroadcastChannel[] = []
  afterEach(() => {
    for (const channel of channels.splice(0)) channel.close()
  })
  const aTab = (name = "uploads") =>
    createSpokenLocks(() => {
      const channel = new BroadcastChannel(name)
      channels.push(channel)
      return channel
    })

  it("is one tab's until it is given back or the tab is gone", async () => {
    const [one, other] = [aTab(), aTab()]
    const unlock = await one.take("film")
    expect(unlock).not.toBeNull()
    expect(await other.take("film")).toBeNull()
    expect(await one.take("film")).toBeNull()
    expect(await other.take("song")).not.toBeNull()
    expect(await other.taken()).toEqual(new Set(["film", "song"]))
    expect(await one.taken()).toEqual(new Set(["film", "song"]))

    unlock?.()
    expect(await other.take("film")).not.toBeNull()
    channels[1]?.close()
    expect(await one.take("film")).not.toBeNull()
  })

  it("is answered with nothing else that runs in a tab, however much that is", async () => {
    const [busy, other] = [aTab("many"), aTab("many")]
    await Promise.all(Array.from({ length: 100 }, (_, n) => busy.take(`file ${n}`)))
    const heard: unknown[] = []
    const ear = new BroadcastChannel("many")
    channels.push(ear)
    ear.addEventListener("message", ({ data }) => {
      if ("taken" in data) heard.push(data.taken)
    })

    expect(await other.take("another")).not.toBeNull()
    expect(await other.take("file 7")).toBeNull()
    expect(heard).toEqual([["file 7"]])
    expect((await other.taken()).size).toBe(101)
  })

  it("is never of two tabs, nor of none, when several want it at the same time", async () => {
    const tabs = Array.from({ length: 8 }, () => aTab("crowd"))
    for (const file of ["a", "b", "c"]) {
      const unlocks = await Promise.all(tabs.map((tab) => tab.take(file)))
      expect(unlocks.filter((unlock) => unlock !== null)).toHaveLength(1)
    }
  })
})
