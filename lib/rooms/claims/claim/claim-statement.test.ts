import { expect, it } from "vitest"
import { formatSql } from "#testing/database/format-sql.ts"
import { insertClaims } from "./claim-statement.ts"

const HEAD =
  "-- The whole statement of a claim of one file. To write it: npx vitest run claim-statement -u"

it("claim.sql is the whole statement of a claim of one file", async () => {
  const sql = formatSql(insertClaims.text)
  expect(sql.replace(/\s/g, "")).toBe(insertClaims.text.replace(/\s/g, ""))

  await expect(`${HEAD}\n${sql}\n`).toMatchFileSnapshot("claim.sql")
})
