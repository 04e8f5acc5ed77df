import "server-only"
import { log } from "#lib/monitoring/log.ts"
import { outageOf } from "#lib/outages/outage.ts"

/**
 * Clicks that share a statement: in a flood an event loop gets to its answer ten times a second.
 */
export const CLICKS_AT_ONCE = 128
/** A statement that takes longer does not hold up the requests behind it. */
const SLOW_MS = 1000

type SharedStatement<Asked, Answer> = {
  /** Runs one statement for all of these; the answers are in their order. */
  ask: (asked: Asked[]) => Promise<Answer[]>
  /** Answers one request whose shared statement failed and was undone. */
  alone: (asked: Asked) => Promise<Answer>
  /** Under way at once, 2 by default; a second one only for so many requests that they fill it. */
  statements?: number
  /** Requests that share a statement. */
  atOnce?: number
}

/**
 * Lets requests of the same moment share a statement. A request is sent at once, or shares the next
 * statement with those that came while one was under way. It never joins one that was sent before
 * it came, so it sees everything that was committed before.
 */
export function shareStatement<Asked, Answer>({
  ask,
  alone,
  statements = 2,
  atOnce = 32,
}: SharedStatement<Asked, Answer>) {
  type Waiting = {
    asked: Asked
    resolve: (answer: Answer | Promise<Answer>) => void
    reject: (error: unknown) => void
  }
  const waiting: Waiting[] = []
  let underWay = 0

  async function send() {
    const isFull = waiting.length >= atOnce && underWay < statements
    if (waiting.length === 0 || (underWay > 0 && !isFull)) return
    underWay += 1
    const slow = Promise.withResolvers<void>()
    const timer = setTimeout(slow.resolve, SLOW_MS)
    await Promise.race([answer(waiting.splice(0, atOnce)), slow.promise])
    clearTimeout(timer)
    underWay -= 1
    void send()
  }

  async function answer(batch: Waiting[]) {
    try {
      const answers = await ask(batch.map(({ asked }) => asked))
      for (const [index, { resolve, reject }] of batch.entries()) {
        const found = answers[index]
        if (found === undefined) reject(new Error("the shared statement left a request out"))
        else resolve(found)
      }
    } catch (error) {
      // A database that answers has undone the statement, and can be asked about each alone.
      const isOut = outageOf(error) !== null
      if (!isOut) log.warn({ error }, "requests that shared a statement are asked one by one")
      for (const { asked, resolve, reject } of batch) isOut ? reject(error) : resolve(alone(asked))
    }
  }

  return (asked: Asked): Promise<Answer> =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, resolve, reject })
      void send()
    })
}
