import { request } from "@playwright/test"
import { expect } from "../fixtures.ts"
import { test } from "../installation/own-installation.ts"
import { isAlive } from "../installation/process-tree.ts"
import { type Installation, WEB_PROCESS } from "../installation/start-installation.ts"
import { click, open } from "../network/send-click.ts"

const ENDINGS: Record<string, (own: Installation) => Promise<void>> = {
  "a stop": async (own) => expect(await own.stop()).toBe(0),
  "a kill of its main process, with which the web process ends": async (own) => {
    const [web = 0] = own.processes(WEB_PROCESS)
    await own.crash("main")
    await expect.poll(() => isAlive(web)).toBe(false)
  },
  ...(process.env.HEAVY && { "a kill": (own) => own.kill() }),
}

/** Starts it, and returns the statuses of requests meanwhile; null stands for a refused connection. */
async function startAsked(own: Installation) {
  let isOver = false
  const answers: (number | null)[] = []
  const asking = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const answer = await fetch(`${own.url}/sign-in`, { headers: { connection: "close" } }).catch(
        () => null,
      )
      await answer?.arrayBuffer()
      if (answer || answers.length > 0) answers.push(answer?.status ?? null)
      else await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })
  await own.start()
  isOver = true
  await Promise.all(asking)
  return answers
}

test("after a stop and a kill of its main process Lapse starts again, nothing is lost (session, share, counts, ticket and bytes), and after its first answer it refuses no connection", async ({
  own,
  member,
}) => {
  for (const [name, end] of Object.entries(ENDINGS)) {
    await test.step(name, async () => {
      const share = await member.share("survey.pdf", { maxDownloads: 1 })
      const visitor = await request.newContext({ baseURL: own.url, maxRedirects: 0 })
      await open(visitor, share)
      const clicked = await click(visitor, share)
      expect(clicked.headers().location).toContain("X-Amz-Signature=")
      const before = await member.readShare(share.id)
      expect(before).toMatchObject({ downloads: 1, status: "used_up" })

      const from = own.lines().length
      await end(own)
      await expect(fetch(`${own.url}/api/live`)).rejects.toThrow()
      const answers = await startAsked(own)
      expect(answers.filter((status) => status !== 503 && status !== 200)).toEqual([])
      expect(answers[0]).toBe(503)
      expect((await fetch(`${own.url}/sign-in`)).status).toBe(200)

      expect(await member.readShare(share.id)).toEqual(before)
      const again = await click(visitor, share)
      const bytes = await fetch(again.headers().location ?? "")
      expect(await bytes.text()).toBe("the bytes of survey.pdf")
      expect(await member.readShare(share.id)).toMatchObject({ downloads: 1 })
      const errors = own.lines(from).filter((line) => line.includes('"level":"error"'))
      expect(errors).toEqual([])
      await visitor.dispose()
    })
  }
})
