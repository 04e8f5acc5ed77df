import { once } from "node:events"
import http from "node:http"
import net from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { expect } from "../../fixtures.ts"
import { test } from "../../installation/own-installation.ts"
import { isAlive } from "../../installation/process-tree.ts"
import { type Installation, WEB_PROCESS } from "../../installation/start-installation.ts"
import type { ShareView } from "../../member-client.ts"
import { downloadPath } from "../../network/send-click.ts"

const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36"

test.use({ settings: { WEB_PROCESSES: "2" } })
test.describe.configure({ timeout: 240_000 })

const webProcesses = (own: Installation) => own.processes(WEB_PROCESS)

/** Clicks as a new visitor on a new connection; null if there was no answer. */
function clickOnce(share: ShareView, timeout = 30_000) {
  return new Promise<{ status: number; toStore: boolean } | null>((resolve) => {
    const { origin } = new URL(share.url)
    const headers = { "User-Agent": CHROME, Accept: "text/html", "Content-Length": "0" }
    const options = { method: "POST", headers, agent: false, timeout }
    const request = http.request(new URL(downloadPath(share), origin), options, (response) => {
      response.resume()
      response.once("error", () => resolve(null))
      response.once("end", () => {
        const toStore = response.headers.location?.includes("X-Amz-Signature=") ?? false
        resolve({ status: response.statusCode ?? 0, toStore })
      })
    })
    request.once("timeout", () => request.destroy())
    request.once("error", () => resolve(null)).end()
  })
}

/** Visitors who click one after another until `stop`, which returns their answers. */
function clickAllTheTime(share: ShareView, visitors: number) {
  const answers = { toStore: 0, other: 0, none: 0 }
  let isOver = false
  const clicking = Promise.all(
    Array.from({ length: visitors }, async () => {
      while (!isOver) {
        const answer = await clickOnce(share)
        if (answer?.toStore) answers.toStore += 1
        else if (answer) answers.other += 1
        else answers.none += 1
        if (!answer) await sleep(20)
      }
    }),
  )
  const stop = async () => {
    isOver = true
    await clicking
    return answers
  }
  return { answers, stop }
}

/** The values of /metrics, by series. */
async function readMetrics(own: Installation) {
  const response = await fetch(`${own.url}/metrics`, { headers: { connection: "close" } })
  expect(response.status).toBe(200)
  const lines = (await response.text()).split("\n").filter((line) => line && !line.startsWith("#"))
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(" ")
      return [line.slice(0, space), Number(line.slice(space))] as const
    }),
  )
}

const CLICKS_ANSWERED =
  'lapse_http_requests_total{method="POST",route="/s/[token]/d/[file]",status="303"}'

test("two web processes count clicks as one: a limit is exact, and the metrics are their sum", async ({
  own,
  member,
}) => {
  const limited = await member.share("limited.pdf", { maxDownloads: 40 })
  const open = await member.share("open.pdf")
  const pids = webProcesses(own)
  expect(pids).toHaveLength(2)
  const before = await readMetrics(own)

  const clicks = await Promise.all(Array.from({ length: 100 }, () => clickOnce(limited)))
  expect(clicks.filter((answer) => answer?.toStore)).toHaveLength(40)
  expect(clicks.filter((answer) => answer === null)).toHaveLength(0)
  expect(await member.readShare(limited.id)).toMatchObject({ downloads: 40, status: "used_up" })

  // Each of the two answers alone, because a frozen process accepts no new connection.
  for (const pid of pids) {
    process.kill(pid, "SIGSTOP")
    try {
      const answers = await Promise.all(Array.from({ length: 20 }, () => clickOnce(open)))
      expect(answers.filter((answer) => answer?.toStore)).toHaveLength(20)
    } finally {
      process.kill(pid, "SIGCONT")
    }
  }

  const after = await readMetrics(own)
  const grown = (series: string) => (after.get(series) ?? 0) - (before.get(series) ?? 0)
  expect(grown("lapse_claims_total")).toBe(80)
  expect(grown("lapse_mints_total")).toBe(80)
  expect(grown("lapse_mint_duration_seconds_count")).toBe(80)
  expect(grown('lapse_refusals_total{reason="used_up"}')).toBe(60)
  expect(grown(CLICKS_ANSWERED)).toBe(140) // a refused visitor is redirected to the page
  for (const name of ["main", "1", "2"]) {
    expect(after.get(`nodejs_heap_size_used_bytes{process="${name}"}`)).toBeGreaterThan(1e6)
  }
  expect(after.has('lapse_jobs{state="failed"}')).toBe(true)
  expect(after.has('lapse_disk_free_bytes{disk="data"}')).toBe(true)
})

test("arbitrary paths create no new series in the metrics", async ({ own, member }) => {
  const share = await member.share("survey.pdf")
  const ask = (path: string, method = "GET") =>
    fetch(`${own.url}${path}`, { method, redirect: "manual" }).then((answer) => answer.text())
  const paths = (mark: string) => [
    `/${mark}`,
    `/s/${mark}`,
    `/s/${mark}/d/${mark}`,
    `/shares/${mark}`,
    `/files?q=${mark}`,
    `/api/v1/files/${mark}`,
    `/api/auth/${mark}`,
    `/assets/${mark}.js`,
    `/_next/static/${mark}`,
    `${new URL(share.url).pathname}/d/${mark}`,
    `/invite/${mark}`,
    `/s/a/${mark}`,
  ]
  const askAll = async (mark: string) => {
    for (const path of paths(mark))
      for (const method of ["GET", "POST", "PUT"]) await ask(path, method)
    return [...(await readMetrics(own)).keys()].filter((series) => series.startsWith("lapse_"))
  }

  await askAll("mark-one")
  const once = await askAll("mark-two")
  const more = await askAll("mark-three")

  expect(more.filter((series) => !once.includes(series))).toEqual([])
  expect(more.filter((series) => /mark-/.test(series))).toEqual([])
})

test("a web process that is killed under load is restarted: no answered click is lost, and no counter decreases", async ({
  own,
  member,
}) => {
  const share = await member.share("survey.pdf")
  const [victim = 0, other = 0] = webProcesses(own)
  const visitors = clickAllTheTime(share, 12)
  await expect.poll(() => visitors.answers.toStore).toBeGreaterThan(50)
  await sleep(1_500) // the parent has polled its counters
  const seen = [(await readMetrics(own)).get("lapse_claims_total") ?? 0]

  process.kill(victim, "SIGKILL")
  const answeredThen = visitors.answers.toStore
  for (let n = 0; n < 10; n++) {
    seen.push((await readMetrics(own)).get("lapse_claims_total") ?? 0)
    await sleep(100)
  }
  expect(visitors.answers.toStore, "the other one goes on").toBeGreaterThan(answeredThen)
  await expect.poll(() => webProcesses(own), { timeout: 60_000 }).toHaveLength(2)
  expect(webProcesses(own)).toContain(other)
  expect(own.lines().join("\n")).toMatch(/Web process \d stopped unexpectedly and is started again/)
  process.kill(other, "SIGSTOP") // so that the new one answers
  try {
    await expect
      .poll(async () => (await clickOnce(share, 3_000))?.toStore, { timeout: 60_000 })
      .toBe(true)
  } finally {
    process.kill(other, "SIGCONT")
  }
  const { toStore, other: refused, none } = await visitors.stop()

  const { downloads } = await member.readShare(share.id)
  const extra = downloads - toStore
  expect(refused).toBe(0)
  expect(extra, "each answer that arrived is counted").toBeGreaterThan(0)
  expect(extra, "and others only where no answer came, or by the one above").toBeLessThanOrEqual(
    none + 40,
  )
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
})

test("a stop under load answers the started requests and leaves no process", async ({
  own,
  member,
}) => {
  const share = await member.share("survey.pdf")
  const visitors = clickAllTheTime(share, 12)
  await expect.poll(() => visitors.answers.toStore).toBeGreaterThan(50)
  const slow = await Promise.all(Array.from({ length: 6 }, () => beginUnlock(own, share)))
  const pids = own.processes(/./)

  const stopped = own.stop()
  await sleep(1_000)
  const answers = await Promise.all(slow.map((finish) => finish()))
  expect(await stopped).toBe(0)
  const { toStore, other } = await visitors.stop()

  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 (303|4\d\d) /)
  expect(other).toBe(0)
  expect(pids.filter(isAlive)).toEqual([])
  await own.start()
  const { downloads } = await member.readShare(share.id)
  expect(downloads).toBeGreaterThanOrEqual(toStore)
  expect(downloads, "a connection that ended in between may have counted").toBeLessThan(
    toStore + 13,
  )
})

/**
 * Sends a request without the end of its body. The returned function sends the end and returns the
 * answer.
 */
async function beginUnlock(own: Installation, share: ShareView) {
  const { hostname, port, host } = new URL(own.url)
  const socket = net.connect(Number(port), hostname === "localhost" ? "127.0.0.1" : hostname)
  await once(socket, "connect")
  const head = [
    `POST ${new URL(share.url).pathname}/unlock HTTP/1.1`,
    `Host: ${host}`,
    `User-Agent: ${CHROME}`,
    "Connection: close",
    "Content-Type: application/x-www-form-urlencoded",
    "Content-Length: 10",
  ]
  socket.write(`${head.join("\r\n")}\r\n\r\npass`)
  await sleep(200)
  return async () => {
    socket.write("word=1")
    return String((await socket.toArray()).join(""))
  }
}
