import { describe, expect, it } from "vitest"
import { db, pool } from "#lib/adapters/database.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { findOldLink } from "#lib/rooms/claims/old-links/find-old-link.ts"
import { newLink } from "#lib/rooms/shares/edit/new-link.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { aPingvin } from "#testing/old-apps/a-pingvin.ts"
import { memberOf, pageAt, prepareImports, shareAt } from "#testing/old-apps/prepare-imports.ts"

const { directory, importFrom } = prepareImports()

describe("an old link", () => {
  const aShare = async (id: string) => {
    const pingvin = aPingvin(directory())
    const ada = pingvin.user({ email: "ada@example.org" })
    pingvin.share({ id, creatorId: ada })
    pingvin.close()
    await importFrom("pingvin")
    const share = await shareAt(id)
    return { ada: (await memberOf("ada@example.org")).id, shareId: share?.id ?? "" }
  }

  it("ends with its share's link, and an import does not bring it back", async () => {
    const { ada, shareId } = await aShare("photos")
    await revokeShare(ada, shareId)
    expect(await pageAt("photos")).toMatchObject({ state: "revoked" })
    await newLink(acting(ada), shareId)
    expect(await findOldLink("photos", "192.0.2.1")).toBeNull()
    await importFrom("pingvin")
    expect(await findOldLink("photos", "192.0.2.1")).toBeNull()
    expect(await db.share.count()).toBe(1)
  })

  it("is nowhere in the database in clear", async () => {
    await aShare("a-very-secret-id")
    const { rows } = await pool().query(
      `SELECT string_agg(query_to_xml('SELECT * FROM public.' || quote_ident(relname), true, true, '')::text, '') AS all
       FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
    )
    expect(rows[0].all).toContain("ada@example.org")
    expect(rows[0].all).not.toContain("a-very-secret-id")
  })

  it("cannot be guessed without limit from one address, and right ones are not counted", async () => {
    await aShare("photos")
    for (let n = 0; n < 80; n++) expect(await findOldLink("photos", "198.51.100.7")).not.toBeNull()
    const guess = (n: number) => findOldLink(`guess-${n}`, "198.51.100.7").catch(({ code }) => code)
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => guess(n)))
    expect(answers.filter((answer) => answer === null)).toHaveLength(60)
    expect(answers.filter((answer) => answer === "too_many")).toHaveLength(40)
    expect(await findOldLink("photos", "203.0.113.9")).not.toBeNull()
  })
})

const LINKS = process.env.HEAVY ? 10_000 : 20
/** In milliseconds: each link is an upload, and then a page. */
const timeout = 60_000 + 240 * LINKS

it(`leads to its share from each of ${LINKS} imported links`, { timeout }, async () => {
  const pingvin = aPingvin(directory())
  const users = Array.from({ length: 20 }, (_, n) => pingvin.user({ email: `m${n}@example.org` }))
  const passwordHash = await hashPassword("open sesame")
  pingvin.exec("BEGIN")
  for (let n = 0; n < LINKS; n++) {
    const id = pingvin.share(
      { id: `id-${n}`, name: `Share ${n}`, creatorId: users[n % 20] ?? null },
      { "a.txt": `${n}` },
    )
    if (n % 3 === 0) pingvin.security(id, { password: passwordHash })
  }
  pingvin.exec("COMMIT")
  const { shares, failed } = await importFrom("pingvin")
  expect({ shares, failed }).toEqual({ shares: LINKS, failed: [] })
  let dead = 0
  for (let n = 0; n < LINKS; n++) {
    const page = await pageAt(`id-${n}`)
    const alive =
      n % 3 === 0 ? page?.state === "locked" : page?.state === "open" && page.title === `Share ${n}`
    if (!alive) dead++
  }
  expect(dead).toBe(0)
})
