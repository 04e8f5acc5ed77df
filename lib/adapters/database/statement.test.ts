import { describe, expect, it } from "vitest"
import { compile, statement } from "./statement.ts"

describe("compile", () => {
  it("numbers parameters in the order of their declaration and gives each its type", () => {
    const types = { from: "timestamptz", ids: "uuid[] | null", name: "text | null" } as const
    expect(compile("SELECT :name, :ids WHERE at >:from", types)).toBe(
      "SELECT ($3::text), ($2::uuid[]) WHERE at >($1::timestamptz)",
    )
  })

  it("gives a repeated name one number", () => {
    expect(compile("SELECT :a + :b + :a", { b: "int", a: "int" })).toBe(
      "SELECT ($2::int) + ($1::int) + ($2::int)",
    )
  })

  it("does not mistake one name for the beginning of another", () => {
    expect(compile("SELECT :id, :ids", { ids: "uuid[]", id: "uuid" })).toBe(
      "SELECT ($2::uuid), ($1::uuid[])",
    )
  })

  it.each([
    ["a cast", "now()::text || 'x'::a"],
    ["a string", "'12:a' || 'it''s :a' || to_char(now(), 'HH24:MI:SS')"],
    ["a string with escapes", "E'\\':a' || e'\\\\' || ':a'"],
    ["a quoted identifier", '1 AS "12:a :a"'],
    ["a dollar-quoted string", "$$ :a $$ || $x$ :a $$ :a $x$"],
    ["a comment", "1 -- it's :a\n + 2 /* isn't\n :a */ + 3"],
    ["an array slice", "x[1:2], x[lo:a], (f())[g(1):a], y[z[1]:a]"],
    ["a named argument", "f(a := 1)"],
  ])("leaves %s as it is", (_, text) => {
    expect(compile(`SELECT :a, ${text}, :a`, { a: "int" })).toBe(
      `SELECT ($1::int), ${text}, ($1::int)`,
    )
  })

  it("takes parameters as the bounds of an array slice", () => {
    expect(compile("SELECT x[:a : :b]", { a: "int", b: "int" })).toBe(
      "SELECT x[($1::int) : ($2::int)]",
    )
  })

  it("refuses a parameter that is not declared, not used or has no name", () => {
    expect(() => compile("SELECT :publicID", { publicId: "bytea" })).toThrow(":publicID")
    expect(() => compile("SELECT :a", { a: "int", b: "int", c: "int" })).toThrow(":b, :c")
    expect(() => compile("SELECT :toString", {})).toThrow(":toString")
    expect(() => compile("SELECT :a, $1", { a: "int" })).toThrow("$1")
  })
})

describe("statement", () => {
  it("passes every value by its name, whatever the order they come in", async () => {
    const echo = statement(
      "echo",
      {
        id: "uuid",
        bytes: "bytea | null",
        at: "timestamptz",
        names: "text[]",
        yes: "boolean",
        count: "int | null",
      },
      `SELECT :count AS count, :yes AS yes, (:names)[2:3] AS names, :at AS at, :bytes AS bytes, :id AS id`,
    )
    const at = new Date("2026-11-24T18:00:00Z")
    const id = "0198c0de-0000-7000-8000-000000000000"

    const rows = await echo({
      count: null,
      yes: true,
      names: ["a:b", null, "c"],
      bytes: new Uint8Array([1, 2]),
      at,
      id,
    })

    const names = [null, "c"]
    expect(rows).toEqual([{ count: null, yes: true, names, at, bytes: Buffer.from([1, 2]), id }])
  })

  it("is refused by the compiler if a value is missing, misnamed, superfluous or of another type", () => {
    const run = statement("one", { a: "int", b: "text | null" }, "SELECT :a, :b")
    // Never called: only their types are checked.
    void [
      () => run({ a: 1, b: "x" }),
      // @ts-expect-error
      () => run({ a: 1 }),
      // @ts-expect-error
      () => run({ a: 1, B: null }),
      // @ts-expect-error
      () => run({ a: 1, b: null, c: 2 }),
      // @ts-expect-error
      () => run({ a: null, b: null }),
      // @ts-expect-error
      () => run({ a: "1", b: null }),
    ]
  })
})
