import { beforeEach, describe, expect, it } from "vitest"
import { db } from "./db.ts"
import { checkStorage, findStorageCheck } from "./doctor.ts"
import { listMultiparts, listObjects } from "./storage.ts"

const onCeph = process.env.LAPSE_TEST_STORE === "ceph"

beforeEach(async () => {
  await db.$executeRaw`
    UPDATE installation SET storage_checked = NULL, storage_checking_until = NULL`
})

async function collect<Item>(items: AsyncGenerator<Item>) {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

describe("a check of the storage", () => {
  it("finds nothing wrong with a store that is set up, and says what it could not try", async () => {
    const { findings } = await checkStorage()

    const notOk = findings.filter(({ state }) => state !== "ok")
    console.log(JSON.stringify(notOk, null, 1))
    expect(notOk.map(({ id, state, code }) => [id, state, code])).toEqual([])
  })

  it("leaves nothing in the bucket", async () => {
    await checkStorage()

    for (const prefix of ["probe/", "o/probe/"]) {
      expect(await collect(listObjects(prefix))).toEqual([])
      expect(await collect(listMultiparts(prefix))).toEqual([])
    }
  })
})
