import "server-only"

/** Where a task waits, from wide to narrow: queue, network, address. Empty for a single queue. */
export type Place = readonly string[]

type Waiter = { place: Place; start: () => void; refuse: () => void }

/** The waiters of one place, or groups by the next part of their places; the first is next. */
type Group = { size: number; groups: Map<string, Group>; waiters: Waiter[] }

const newGroup = (): Group => ({ size: 0, groups: new Map(), waiters: [] })

type Limits = {
  running: number
  /** The most waiting tasks; the address with most of them then loses its newest. Default: none. */
  waiting?: number
  /** The longest wait in milliseconds. Default: no limit. */
  longest?: number
}

/** Thrown for a task that was not started: its address fills the queue, or it waited too long. */
export class QueueRefusal extends Error {
  override name = "QueueRefusal"
}

/** By its name, because the other instance of this module may have made a queue that is shared. */
export const isQueueRefusal = (error: unknown): boolean =>
  error instanceof Error && error.name === "QueueRefusal"

/**
 * Runs a few tasks at a time and queues the others. It alternates between queues, between networks
 * in a queue, and between addresses in a network, so that a flood from one place delays another by
 * only one task. When too many wait, the newest task of the address with the most is refused, but
 * never an address's only waiting task. Tasks from one place start in order of arrival.
 */
export function createFairQueue({
  running: most,
  waiting = Number.POSITIVE_INFINITY,
  longest,
}: Limits) {
  const all = newGroup()
  let running = 0

  function run<Result>(place: Place, work: () => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const start = () => {
        running += 1
        const result = new Promise<Result>((done) => done(work()))
        // The next task takes this slot, so that no other call can start in between.
        result.then(resolve, reject).finally(() => {
          running -= 1
          takeNext(all)?.start()
        })
      }
      if (running < most) return start()
      const refuse = () => reject(new QueueRefusal("too many wait"))
      const late = () => remove(all, waiter) && refuse()
      const timer = longest === undefined ? undefined : setTimeout(late, longest)
      const stopTimer = (then: () => void) => () => {
        clearTimeout(timer)
        then()
      }
      const waiter = { place, start: stopTimer(start), refuse: stopTimer(refuse) }
      add(all, waiter)
      giveWay(place)
    })
  }

  function giveWay([queue]: Place) {
    const group = queue === undefined ? all : all.groups.get(queue)
    const newest = group && group.size > waiting ? newestOfFullest(group) : undefined
    if (newest && remove(all, newest)) newest.refuse()
  }

  return { run, state: () => ({ running, waiting: all.size }) }
}

function add(all: Group, waiter: Waiter) {
  let group = all
  group.size += 1
  for (const name of waiter.place) {
    const inner = group.groups.get(name) ?? newGroup()
    group.groups.set(name, inner)
    inner.size += 1
    group = inner
  }
  group.waiters.push(waiter)
}

/** Removes a waiter. Returns whether it was waiting. */
function remove(group: Group, waiter: Waiter, depth = 0): boolean {
  const name = waiter.place[depth]
  const inner = name === undefined ? undefined : group.groups.get(name)
  if (name !== undefined && inner) {
    if (!remove(inner, waiter, depth + 1)) return false
    if (inner.size === 0) group.groups.delete(name)
  } else {
    const index = group.waiters.indexOf(waiter)
    if (index < 0) return false
    group.waiters.splice(index, 1)
  }
  group.size -= 1
  return true
}

/** Takes the next waiter and moves its groups to the end of the round. */
function takeNext(group: Group): Waiter | undefined {
  if (group.size === 0) return undefined
  group.size -= 1
  const [next] = group.groups
  if (!next) return group.waiters.shift()
  const [name, inner] = next
  const waiter = takeNext(inner)
  group.groups.delete(name)
  if (inner.size > 0) group.groups.set(name, inner)
  return waiter
}

function newestOfFullest(group: Group): Waiter | undefined {
  const [first, ...others] = group.groups.values()
  if (!first) return group.size > 1 ? group.waiters.at(-1) : undefined
  return newestOfFullest(others.reduce((a, b) => (b.size > a.size ? b : a), first))
}
