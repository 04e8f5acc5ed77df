import { describe, expect, it } from "vitest"
import { aMember } from "#testing/builders/a-member.ts"
import { findListSort, rememberListSort } from "./list-sorts.ts"

describe("the order of a list", () => {
  it("is remembered for each member and list, also when two are chosen at once", async () => {
    const [member, other] = [await aMember(), await aMember()]
    expect(await findListSort(member, "shares")).toBeNull()

    await Promise.all([
      rememberListSort(member, { list: "shares", sort: "-views" }),
      rememberListSort(member, { list: "files", sort: "name" }),
    ])

    expect(await findListSort(member, "shares")).toBe("-views")
    expect(await findListSort(member, "files")).toBe("name")
    expect(await findListSort(other, "shares")).toBeNull()
  })
})
