import { describe, expect, it } from "vitest"
import { pool } from "#lib/adapters/database.ts"
import { previewOf } from "#lib/rooms/files/preview-kind.ts"
import { canBeShown } from "#lib/rooms/files/preview-kind-sql.ts"

describe("canBeShown", () => {
  it("agrees with previewOf for every name and stated type", async () => {
    const names = ["a", "a.PNG", "a.b.Md", "Makefile", ".gitignore", "a.", "", "x.tar.gz", "a.html"]
    const types = [
      ...["", "image/png", "IMAGE/SVG+XML; charset=x", " text/html", "text/x-python", "text/xml"],
      ...["application/zip", "video/mp2t", "application/vnd.openxmlformats-officedocument.x"],
      ...["application/xhtml+xml", "text/plain;charset=utf-8", "font/woff2", "text/calendar"],
    ]
    const pairs = names.flatMap((name) => types.map((type) => ({ name, type })))
    const { rows } = await pool().query<{ shown: boolean }>(
      `SELECT ${canBeShown("f")} AS shown
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS f (name, content_type, place) ORDER BY place`,
      [pairs.map(({ name }) => name), pairs.map(({ type }) => type)],
    )
    expect(pairs.map((pair, at) => ({ ...pair, shown: rows[at]?.shown }))).toEqual(
      pairs.map(({ name, type }) => ({ name, type, shown: previewOf(name, type) !== null })),
    )
  })
})
