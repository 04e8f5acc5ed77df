import { MIB } from "#testing/units.ts"
import { expect, test } from "../../fixtures.ts"
import { residentBytes } from "../../installation/process-memory.ts"
import { type Installation, WEB_PROCESS } from "../../installation/start-installation.ts"
import { read } from "../../member-client.ts"
import { megabytes, sendRaw } from "../../network/raw-request.ts"

const SIGN_IN = "POST /api/auth/callback/credentials HTTP/1.1"

/**
 * Sends requests at least once and until `isDone`; returns the number of answers and the peak
 * memory of the web process in bytes.
 */
async function watch(installation: Installation, isDone: (answered: number) => boolean) {
  const { url } = installation
  const web = installation.processes(WEB_PROCESS)
  let [answered, most] = [0, 0]
  do {
    expect((await fetch(`${url}/api/live`)).status).toBe(204)
    answered++
    most = Math.max(most, residentBytes(web))
  } while (!isDone(answered))
  return { answered, most }
}

/**
 * The peak memory under 300 requests without other work, which includes the garbage of the
 * requests.
 */
const memoryAtRest = async (installation: Installation) =>
  (await watch(installation, (answered) => answered === 300)).most

/** Watches until the work is done. */
function watchDuring(installation: Installation, work: Promise<unknown>) {
  let isDone = false
  void work.finally(() => {
    isDone = true
  })
  return watch(installation, () => isDone)
}

test("300 MB of brackets from a stranger are refused, and delay nothing", async ({
  installation,
}) => {
  const { url } = installation
  const before = await memoryAtRest(installation)
  for (const type of ["application/json", "text/plain"]) {
    const head = [SIGN_IN, `Content-Type: ${type}`, `Content-Length: ${300 * MIB}`]
    const attack = sendRaw(url, head, { body: megabytes(300, "[") })
    const { answered, most } = await watchDuring(installation, attack)

    expect((await attack).status).toBe(413)
    expect((await attack).text).toContain('"code":"too_large"')
    expect(answered).toBeGreaterThan(0)
    expect(most - before).toBeLessThan(200 * MIB)
  }
})

test("four forms of 120 MB at once are refused while others are answered, in little memory", async ({
  installation,
}) => {
  const { url } = installation
  const before = await memoryAtRest(installation)
  for (const [type, refused] of [
    ["application/x-www-form-urlencoded", 413],
    ["multipart/form-data; boundary=x", 400],
  ] as const) {
    const form = [`Content-Type: ${type}`, "Transfer-Encoding: chunked"]
    const paths = [
      "/api/auth/callback/credentials",
      "/auth/invite",
      "/api/v1/files",
      "/api/nothing",
    ]
    const attacks = paths.map((path) =>
      sendRaw(url, [`POST ${path} HTTP/1.1`, ...form], { body: formInChunks(120) }),
    )
    const { answered, most } = await watchDuring(installation, Promise.all(attacks))

    const statuses = (await Promise.all(attacks)).map(({ status }) => status)
    expect(statuses).toEqual(Array(4).fill(refused))
    expect(answered).toBeGreaterThan(0)
    expect(most - before).toBeLessThan(200 * MIB)
  }
})

/** A form with one file, in HTTP chunks. */
function* formInChunks(count: number) {
  const chunk = (bytes: string | Buffer) => [`${bytes.length.toString(16)}\r\n`, bytes, "\r\n"]
  yield* chunk('--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n')
  for (const part of megabytes(count, "a")) yield* chunk(part)
  yield* chunk("\r\n--x--\r\n")
  yield "0\r\n\r\n"
}

test("only a member can send more than 16 KiB, and a forged session does not count", async ({
  owner,
  stranger,
  installation: { url },
}) => {
  const fileIds = Array.from({ length: 10_000 }, () => crypto.randomUUID())
  const { cookies } = await owner.context.storageState()
  const { name = "", value = "" } = cookies.find((each) => /session-token/.test(each.name)) ?? {}
  const ask = async (cookie: string) => {
    const headers = { Origin: url, Cookie: cookie, Accept: "application/json" }
    const person = await stranger()
    return person.post("/api/v1/shares", { headers, data: { fileIds } })
  }

  expect((await ask(`${name}=${value}`)).status()).toBe(404) // the body was read: there are no such files
  for (const cookie of [
    "",
    `${name}=`,
    `${name}=${value.slice(0, -8)}AAAAAAAA`,
    `x${name}=${value}`,
  ]) {
    const refused = await ask(cookie)
    expect([cookie, refused.status()]).toEqual([cookie, 413])
    expect(await refused.json()).toMatchObject({ code: "too_large" })
  }
})

test("a visitor names 10,000 files in one claim", async ({ owner, stranger }) => {
  const share = await owner.share("survey.pdf")
  const person = await stranger()
  const claim = await person.post(`${new URL(share.url).pathname}/claim`, {
    data: { fileIds: Array(10_000).fill(share.files[0]?.id) },
  })

  expect((await read<{ files: unknown[] }>(claim, 200)).files.length).toBeGreaterThan(0)
})

test("deep JSON is refused before it is parsed, wherever it is sent", async ({
  owner,
  installation: { url },
}) => {
  const share = await owner.share("survey.pdf")
  const deep = Buffer.from(" ".repeat(2_000) + "[".repeat(10_000))
  const length = `Content-Length: ${deep.length}`
  for (const path of ["/api/auth/callback/credentials", `${new URL(share.url).pathname}/claim`]) {
    for (const type of ["application/json", "text/plain", "made/up"]) {
      const head = [`POST ${path} HTTP/1.1`, `Content-Type: ${type}`, length, "Connection: close"]
      const { status } = await sendRaw(url, head, { body: [deep] })
      expect([path, type, status]).toEqual([path, type, 400])
    }
  }
  for (const path of ["/files", "/shares"]) {
    const answer = await owner.context.post(`/api/v1${path}`, {
      data: deep,
      headers: { "Content-Type": "application/json" },
    })
    expect([path, answer.status()]).toEqual([path, 400])
  }
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0 })
})

test("a body for a path with dot segments is not read", async ({
  owner,
  installation: { url },
}) => {
  const share = await owner.share("survey.pdf")
  const { pathname } = new URL(share.url)
  const paths = [`/x/..${pathname}/claim`, `/%2e%2e${pathname}/claim`, `${pathname}/./claim`]
  const answers = await Promise.all(
    paths.map(async (path) => {
      const head = [`POST ${path} HTTP/1.1`, "Expect: 100-continue", "Content-Length: 2"]
      const { text } = await sendRaw(url, head)
      return [path, text.match(/HTTP\/1\.1 \d+/g)]
    }),
  )
  expect(answers).toEqual(paths.map((path) => [path, ["HTTP/1.1 404"]]))
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0 })
})
