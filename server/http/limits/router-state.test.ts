import { describe, expect, it } from "vitest"
import { isRouterState } from "./router-state.ts"

const sent = (tree: unknown) => encodeURIComponent(JSON.stringify(tree))
const leaf = ["__PAGE__", {}, null, null]

describe("a router state", () => {
  it("is accepted as Next's client sends it", () => {
    const page = [["id", "018f", "d", null], { children: leaf }, ["/shares/018f", ""], "refetch", 4]
    for (const tree of [leaf, ["", { children: ["shares", { children: page }] }, null, null, 16]])
      expect(isRouterState(sent(tree))).toBe(true)
    expect(isRouterState(undefined)).toBe(true)
  })

  it("is refused if it is any other text", () => {
    for (const text of ["", "x", "%", "{}", "[]", "[1,{}]", "[null]", "[{}]", '""', "null"])
      expect(isRouterState(text), text).toBe(false)
  })
})
