import { spawn } from "node:child_process"
import { cpus, loadavg } from "node:os"
import { randomFile } from "../e2e/files/random-file.ts"
import { read, signInClient } from "../e2e/member-client.ts"
import { openFaultyProxy } from "../e2e/network/faulty-proxy.ts"
import { installCommand } from "../e2e/programs/run-command.ts"
import { startApp } from "./app.ts"
import { signPut } from "./browser/sign-put.ts"
import { MIB, median, medianRatio, mibPerSecond } from "./figures.ts"
import { ratiosOf, report } from "./measures.ts"

// Measures `lapse share` of a large file, from its start to its end, against one bare PUT of the
// same file by curl to the same store, both on a line. Rounds alternate and ratios are taken round
// by round. App, store, command and curl are separate processes.
// npm run bench -- command [MiB] [rounds] [MiB/s of the line]
const SIZE = Number(process.argv[2] ?? 1024) * MIB
const ROUNDS = Number(process.argv[3] ?? 3)
const LINE = Number(process.argv[4] ?? 50) * MIB
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }
const SCOPES = ["files:read", "files:write", "shares:read", "shares:write"]

const film = randomFile("film.mov", SIZE)
const line = await openFaultyProxy()
const app = await startApp({
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
  S3_PUBLIC_ENDPOINT: line.url,
})
line.forwardTo(app.storeUrl)
line.limitRate(LINE)

try {
  const member = await signInClient(app.url, ADMIN)
  const made = await member.post("/tokens", { name: "Bench", scopes: SCOPES })
  const { token } = await read<{ token: string }>(made, 201)
  const command = await installCommand(app.url, { LAPSE_URL: app.url, LAPSE_TOKEN: token })

  const rates = { command: [] as number[], bare: [] as number[] }
  for (let round = 0; round <= ROUNDS; round++) {
    const bare = await barePut()
    const shared = await secondsOf(async () => {
      const { code, err } = await command.run("share", film.path)
      if (code !== 0) throw new Error(`lapse share ended with ${code}: ${err}`)
    })
    await removeFiles()
    console.log(
      `round ${round}: bare ${mibPerSecond(SIZE / bare)}  command ${mibPerSecond(SIZE / shared)}  ratio ${(bare / shared).toFixed(2)}  load ${loadavg()[0]?.toFixed(1)}`,
    )
    // The first round warms up.
    if (round === 0) continue
    rates.bare.push(SIZE / bare)
    rates.command.push(SIZE / shared)
  }
  await command.remove()
  await member.context.dispose()
  console.log(`
${cpus().length} cores, Node ${process.version}, ${SIZE / MIB} MiB on a line of ${LINE / MIB} MiB/s, medians of ${ROUNDS} rounds
bare presigned PUT  ${mibPerSecond(median(rates.bare))}
lapse share         ${mibPerSecond(median(rates.command))}   ${medianRatio(rates.command, rates.bare).toFixed(2)} of the bare PUT (goal 0.9)`)
  report([
    {
      measure: `lapse share of ${SIZE / MIB} MiB on a line of ${LINE / MIB} MiB/s`,
      against: "bare PUT",
      figures: ratiosOf(rates.command, rates.bare),
      goal: { least: 0.9 },
    },
  ])

  /** Deletes the files, so that the disk contains one at a time. */
  async function removeFiles() {
    const { items } = await read<{ items: { id: string }[] }>(await member.get("/files"), 200)
    const ids = items.map(({ id }) => id)
    await read(await member.post("/files/delete", { ids }), 200)
  }
} finally {
  await app.stop()
  await line.close()
  film.remove()
}

async function barePut() {
  const { url, remove } = await signPut({ app, storeUrl: line.url, size: SIZE })
  const seconds = await secondsOf(() => runCurl(url))
  await remove()
  return seconds
}

async function runCurl(url: string) {
  const type = "Content-Type: video/quicktime"
  const child = spawn("curl", ["-sSf", "-T", film.path, "-H", type, "-H", "Expect:", url], {
    stdio: ["ignore", "ignore", "inherit"],
  })
  const code = await new Promise((resolve) => child.once("close", resolve))
  if (code !== 0) throw new Error(`curl ended with ${code}.`)
}

async function secondsOf(work: () => Promise<unknown>) {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}
