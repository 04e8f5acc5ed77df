import fs from "node:fs"
import path from "node:path"
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { keepSecret } from "./data-directory.ts"

const place = makeFastDirectory()
let data = ""
let count = 0
beforeEach(() => {
  data = path.join(place.path, `data-${count++}`)
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => place.remove())

/** Reads the settings in a separate process with these variables, as a start does. */
async function start(variables: Record<string, string> = {}) {
  vi.unstubAllEnvs()
  vi.resetModules()
  const unset = ["S3_SIGNERS", "S3_BUCKET", "DATABASE_URL", "AUTH_SECRET", "LINK_SECRET"]
  for (const name of unset) vi.stubEnv(name, undefined)
  for (const [name, value] of Object.entries({ LAPSE_DATA_DIR: data, ...variables }))
    vi.stubEnv(name, value)
  const { prepareConfiguration } = await import("./derive-configuration.ts")
  const { configuration: settings } = await import("#lib/adapters/configuration.ts")
  prepareConfiguration(() => {})
  return settings
}

const file = () => path.join(data, "secrets/s3-signers")

describe("the signers of the embedded store", () => {
  it("are three separate keys, made at the first start and kept", async () => {
    const { S3_SIGNERS = [] } = await start()
    expect(S3_SIGNERS.map(({ colour }) => colour)).toEqual(["amber", "blue", "green"])
    const texts = S3_SIGNERS.flatMap(({ accessKeyId, secretAccessKey }) => [
      accessKeyId,
      secretAccessKey,
    ])
    expect(new Set(texts).size).toBe(6)
    for (const { accessKeyId, secretAccessKey } of S3_SIGNERS)
      expect([accessKeyId.length, secretAccessKey.length]).toEqual([20, 43])
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600)
    expect((await start()).S3_SIGNERS).toEqual(S3_SIGNERS)
  })

  it("are added to a data directory of the version before, whose secrets stay", async () => {
    const names = ["local-s3-access-key-id", "local-s3-secret-access-key", "link-secret"]
    const before = names.map((name) => keepSecret(data, name))
    const { S3_SIGNERS } = await start()
    expect(S3_SIGNERS).toHaveLength(3)
    expect(names.map((name) => keepSecret(data, name))).toEqual(before)
  })

  it("are those of S3_SIGNERS where the operator set it", async () => {
    const { S3_SIGNERS } = await start({ S3_SIGNERS: "red:a:b,white:c:d" })
    expect(S3_SIGNERS?.map(({ colour }) => colour)).toEqual(["red", "white"])
    expect(fs.existsSync(file())).toBe(false)
  })

  it("are none where the bucket is the operator's own", async () => {
    const { S3_SIGNERS } = await start({ S3_BUCKET: "own" })
    expect(S3_SIGNERS).toBeUndefined()
    expect(fs.existsSync(file())).toBe(false)
  })

  it.each(["amber:a:b", "amber:a", "\u0000".repeat(40)])(
    "stop the start with the file's name where it is damaged: %j",
    async (text) => {
      await start()
      fs.writeFileSync(file(), text)
      await expect(start()).rejects.toThrow(`${file()} is damaged: restore it from a backup`)
    },
  )
})
