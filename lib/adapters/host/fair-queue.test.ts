import { setImmediate, setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { createFairQueue, type Place, QueueRefusal } from "./fair-queue.ts"

const limits = { running: 2, waiting: 8, longest: 60_000 }

/** Tasks that end on request, and the order in which they started. */
function tasks(queue = createFairQueue(limits)) {
  const started: string[] = []
  const running: (() => void)[] = []
  const run = (name: string, ...place: Place) =>
    queue.run(place, () => {
      started.push(name)
      return new Promise<string>((resolve) => running.push(() => resolve(name)))
    })
  const finish = async () => {
    while (running.length > 0) {
      running.shift()?.()
      await sleep(0)
    }
  }
  return { started, run, finish, queue }
}

describe("the fair queue", () => {
  it("takes turns by queue, network and address", async () => {
    const { started, run, finish } = tasks()
    const all = [
      run("a1", "sign_in", "n1", "a"),
      run("a2", "sign_in", "n1", "a"),
      run("a3", "sign_in", "n1", "a"),
      run("a4", "sign_in", "n1", "a"),
      run("b1", "sign_in", "n1", "b"),
      run("c1", "sign_in", "n2", "c"),
      run("u1", "unlock", "n1", "a"),
      run("u2", "unlock", "n1", "a"),
    ]
    await finish()

    expect(started).toEqual(["a1", "a2", "a3", "u1", "c1", "u2", "b1", "a4"])
    expect(await Promise.all(all)).toHaveLength(8)
  })

  it("drops the newest of the address with most waiters, never of another", async () => {
    const { run, finish, queue } = tasks()
    const flood = Array.from({ length: 30 }, (_, n) => run(`${n}`, "sign_in", "n", `${n % 3}`))
    const results = Promise.allSettled(flood)
    const others = Array.from({ length: 30 }, (_, n) => run("other", "sign_in", `${n}`, `a${n}`))
    expect(queue.state().waiting).toBeLessThanOrEqual(30 + 8)
    await finish()

    expect(await Promise.all(others)).toHaveLength(30)
    const refused = (await results).filter(({ status }) => status === "rejected")
    expect(refused.length).toBeGreaterThan(10)
    expect(refused[0]).toMatchObject({ reason: expect.any(QueueRefusal) })
    expect(queue.state()).toEqual({ running: 0, waiting: 0 })
  })

  it("gives up after the longest wait, and keeps nothing in memory then", async () => {
    const { run, finish, queue, started } = tasks(createFairQueue({ ...limits, longest: 20 }))
    const running = [run("a", "q", "n", "a"), run("b", "q", "n", "a")]
    const late = await Promise.allSettled([run("late", "q", "n", "a"), run("x", "q", "m", "b")])

    expect(late.map(({ status }) => status)).toEqual(["rejected", "rejected"])
    expect(queue.state()).toEqual({ running: 2, waiting: 0 })
    await finish()
    await Promise.all(running)
    expect(started).toEqual(["a", "b"])
  })

  it("never runs more than two at once, whatever ends and fails", async () => {
    const queue = createFairQueue(limits)
    let [now, most] = [0, 0]
    await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) =>
        queue.run([`${n % 3}`, `${n % 50}`, `${n}`], async () => {
          most = Math.max(most, ++now)
          await sleep(n % 3)
          now -= 1
          if (n % 7 === 0) throw new Error("a work that fails")
        }),
      ),
    )
    expect(most).toBe(2)
    expect(queue.state()).toEqual({ running: 0, waiting: 0 })
  })

  it("starts tasks without a place in the order in which they came, and continues after a failure", async () => {
    const { run } = createFairQueue({ running: 2 })
    const begun: number[] = []
    let [now, most] = [0, 0]
    const settled = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        run([], async () => {
          begun.push(n)
          most = Math.max(most, ++now)
          await setImmediate()
          now -= 1
          if (n % 3 === 0) throw new Error("failed")
          return n
        }),
      ),
    )

    expect(most).toBe(2)
    expect(begun).toEqual([...begun.keys()])
    expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(17)
    expect(await run([], async () => "free again")).toBe("free again")
  })
})
