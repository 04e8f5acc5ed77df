import "server-only"
import { log } from "#lib/adapters/monitoring/log.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"

/** The maximum number of clicks in one statement: larger ones bring no more clicks a second. */
export const CLICKS_AT_ONCE = 128
/** Requests do not wait for a statement that takes longer than this, in milliseconds. */
const SLOW_MS = 1000

type SharedStatement<Asked, Answer> = {
  /** Runs one statement for all requests and returns the answers in the same order. */
  ask: (asked: Asked[]) => Promise<Answer[]>
  /** Answers one request whose shared statement failed and was rolled back. */
  alone: (asked: Asked) => Promise<Answer>
  /** How many statements run at once: 2 by default, more if enough requests wait to fill one. */
  statements?: number
  /** The maximum number of requests that share a statement. */
  atOnce?: number
}

/**
 * Batches simultaneous requests into shared statements. A request is sent at once, or with the next
 * statement together with those that arrived while one was running. It never joins a statement that
 * was sent before it arrived, so it sees everything committed before it.
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
      // If the database answers, it has rolled the statement back; each request is sent alone.
      const isOutage = outageOf(error) !== null
      if (!isOutage) log.warn({ error }, "requests that shared a statement are asked one by one")
      for (const { asked, resolve, reject } of batch)
        isOutage ? reject(error) : resolve(alone(asked))
    }
  }

  return (asked: Asked): Promise<Answer> =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, resolve, reject })
      void send()
    })
}
