import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"

const root = path.join(import.meta.dirname, "..")

/** The places that read or count members by address, role or number, teams included, and why. */
const WITH_TEAMS: Record<string, string> = {
  "lib/rooms/accounts/passwords/mail-password-reset.ts":
    "locks the row of an address; the next statement asks for a person",
  "lib/rooms/accounts/provider/sign-in-by-provider.ts":
    "finds who has the address of a claim; no claim has the form of a team's",
  "lib/rooms/accounts/sign-in/session.ts": "asks by id",
  "lib/rooms/exports/write-export.ts": "the operator exports what an owner has",
  "lib/rooms/files/retention/legal-hold.ts": "asks by id",
  "lib/rooms/shares/bulk/move-to-owner.ts": "asks by id",
  "lib/rooms/shares/revoke/find-revocation.ts": "joins by id",
  "server/backup/backup-session.ts": "counts the rows of a backup",
}

const BY_PRISMA = /\.member\.(find\w+|count|aggregate|groupBy)\(/g
const BY_SQL = /\b(FROM|JOIN) member\b(?![_.])/g
const READS_MANY = /\b(email|role)\b\s*(:|=|\}|,|IN)|\bcount\(/

/** The statements of a source that read members by address, role or number. */
const readsIn = (text: string) =>
  [
    ...[...text.matchAll(BY_PRISMA)].map(
      ({ index }) => text.slice(index, index + 260).split("select:")[0],
    ),
    ...[...text.matchAll(BY_SQL)].map(({ index }) =>
      text.slice(Math.max(0, index - 20), index + 160),
    ),
  ].flatMap((one = "") => (READS_MANY.test(one) ? [one] : []))

const sources = ["lib", "server", "app", "cli"].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|tsx|sql)$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => path.join(folder, file)),
)

it("members are read by address, role or number as persons, except at the places that say why", () => {
  const found = sources.flatMap((file) =>
    readsIn(readFileSync(path.join(root, file), "utf8")).map((text) => ({ file, text })),
  )
  expect(found.length).toBeGreaterThan(15)
  const others = found.filter(({ text }) => !/kind/.test(text)).map(({ file }) => file)
  expect([...new Set(others)].sort()).toEqual(Object.keys(WITH_TEAMS).sort())
})
