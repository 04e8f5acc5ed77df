import { describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { checkLinkSecrets } from "./installation.ts"

const OLD = "a".repeat(32)
const NEW = "b".repeat(32)

async function bootWith(...secrets: string[]) {
  vi.spyOn(configuration, "LINK_SECRET", "get").mockReturnValue(secrets)
  await checkLinkSecrets().finally(() => vi.restoreAllMocks())
}

describe("checkLinkSecrets", () => {
  it("accepts the first secrets, and the same secrets again", async () => {
    await bootWith(OLD)
    await bootWith(OLD)

    expect(await db.linkSecret.count()).toBe(1)
  })

  it("refuses to boot with none of the secrets that signed links before", async () => {
    await bootWith(OLD)

    await expect(bootWith(NEW)).rejects.toThrow(/LINK_SECRET .* no link would work/)
    expect(await db.linkSecret.count()).toBe(1)
  })

  it("accepts a new secret beside the old one, and then the new one alone", async () => {
    await bootWith(OLD)
    await bootWith(NEW, OLD)
    await bootWith(NEW)
  })

  it("lets only one of two replicas with different secrets start", async () => {
    const boots = await Promise.allSettled([bootWith(OLD), bootWith(NEW)])

    expect(boots.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await db.linkSecret.count()).toBe(1)
  })
})
