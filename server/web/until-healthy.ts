import { setTimeout as sleep } from "node:timers/promises"
import { SetupError } from "#lib/adapters/errors.ts"

/** Waits until the server at an origin reports that it is healthy, for at most a minute. */
export async function untilHealthy(origin: string) {
  const deadline = Date.now() + 60_000
  let answer = ""
  while (Date.now() < deadline) {
    const response = await fetch(`${origin}/api/health`, {
      headers: { connection: "close" },
    }).catch((error: Error) => error)
    answer = response instanceof Response ? await response.text() : response.message
    if (response instanceof Response && (response.ok || serves(answer))) return
    await sleep(200)
  }
  throw new SetupError(`Lapse started and did not become healthy within a minute: ${answer}`)
}

/** Whether a health answer means that requests are served, even if only revocations. */
const serves = (answer: string) =>
  answer.includes('"database":"ok"') && answer.includes('"storage":"ok"')
