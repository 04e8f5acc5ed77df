import { execFile, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { promisify } from "node:util"
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { s3ClientFor } from "#testing/store/s3-client.ts"
import { MIB } from "#testing/units.ts"
import { type Ceph, cephOfThisRun, type StartedCeph, startCeph } from "./ceph.ts"

const run = promisify(execFile)

const newKeys = () => ({
  accessKeyId: randomBytes(8).toString("hex"),
  secretAccessKey: randomBytes(16).toString("hex"),
})

async function aBucket(ceph: Ceph) {
  const Bucket = `ceph-${randomBytes(8).toString("hex")}`
  const admin = s3ClientFor(ceph)
  await admin.send(new CreateBucketCommand({ Bucket }))
  return { Bucket, admin }
}

describe("a user of Ceph", () => {
  it("may do what its policy allows, and nothing without one", async () => {
    const ceph = await cephOfThisRun()
    const { Bucket, admin } = await aBucket(ceph)
    await admin.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x" }))
    const make = async (policy?: Parameters<Ceph["createUser"]>[2]) => {
      const keys = newKeys()
      await ceph.createUser(`user-${keys.accessKeyId}`, keys, policy)
      return s3ClientFor({ ...ceph, ...keys })
    }
    const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`]
    const Action = ["s3:GetObject", "s3:ListBucket"]
    const reader = await make({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action, Resource }],
    })
    const stranger = await make()
    const refused = { $metadata: { httpStatusCode: 403 } }

    const read = await reader.send(new GetObjectCommand({ Bucket, Key: "a" }))
    expect(await read.Body?.transformToString()).toBe("x")
    const { KeyCount } = await reader.send(new ListObjectsV2Command({ Bucket }))
    expect(KeyCount).toBe(1)
    await expect(
      reader.send(new PutObjectCommand({ Bucket, Key: "b", Body: "x" })),
    ).rejects.toMatchObject(refused)
    for (const tried of [
      () => stranger.send(new GetObjectCommand({ Bucket, Key: "a" })),
      () => stranger.send(new CreateBucketCommand({ Bucket: `${Bucket}-mine` })),
    ]) {
      await expect(tried(), `${tried}`).rejects.toMatchObject(refused)
    }
    await ceph.stop()
  })
})

// Memory matters to heavy tests, which store gigabytes.
describe.runIf(process.env.HEAVY)("the memory of Ceph", () => {
  // A separate Ceph, in which no other test uses memory.
  let ceph: StartedCeph
  beforeAll(async () => {
    ceph = await startCeph()
  })
  afterAll(() => ceph.stop())

  it("is freed after a delete, and bounded", async () => {
    const { Bucket, admin } = await aBucket(ceph)
    const { stat_bytes: bytes } = await osd(ceph)
    expect(bytes).toBeLessThanOrEqual(12 * 1024 ** 3)
    const keys = ["a", "b", "c", "d"]
    for (const Key of keys) {
      await admin.send(new PutObjectCommand({ Bucket, Key, Body: randomBytes(16 * MIB) }))
    }
    await untilUsed(ceph, (used) => used > 64 * MIB)

    for (const Key of keys) await admin.send(new DeleteObjectCommand({ Bucket, Key }))

    await untilUsed(ceph, (used) => used < MIB)
  })
})

type OsdCounters = { stat_bytes: number; stat_bytes_used: number }

async function osd({ directory }: Ceph): Promise<OsdCounters> {
  const socket = path.join(directory, "run/osd.0.asok")
  const { stdout } = await run("ceph", ["--admin-daemon", socket, "perf", "dump", "osd"])
  return JSON.parse(stdout).osd
}

/** Waits without a time limit: the test's own time limit ends it. */
async function untilUsed(ceph: Ceph, isEnough: (bytes: number) => boolean) {
  while (!isEnough((await osd(ceph)).stat_bytes_used)) await sleep(1_000)
}

describe("the processes of Ceph", () => {
  it("end with the process that started them, and the next run removes their directory", async () => {
    const starter = spawn(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `const { startCeph } = await import("./testing/ceph/ceph.ts")
         console.log((await startCeph()).directory)
         setInterval(() => {}, 1_000)`,
      ],
      { cwd: path.join(import.meta.dirname, "../.."), stdio: ["ignore", "pipe", "inherit"] },
    )
    const [line] = await once(starter.stdout, "data")
    const directory = String(line).trim()
    expect(processesOf(directory)).toHaveLength(3)

    starter.kill("SIGKILL")
    await once(starter, "exit")

    while (processesOf(directory).length > 0) await sleep(50)
    makeFastDirectory().remove()
    expect(existsSync(directory)).toBe(false)
  })
})

/** The command lines of the running processes that name this directory. */
function processesOf(directory: string) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8")
      } catch {
        return "" // the process has ended meanwhile
      }
    })
    .filter((command) => command.includes(directory))
}
