import { describe, expect, it } from "vitest"
import { addressesOfList, namesOfList, peopleOfList } from "./addresses-of-list.ts"

describe("addressesOfList", () => {
  it.each([
    ["a@x.org\nb@x.org\r\n\n", ["a@x.org", "b@x.org"]],
    ["a@x.org, b@x.org; c@x.org", ["a@x.org", "b@x.org", "c@x.org"]],
    ["a@x.org b@x.org\tc@x.org", ["a@x.org", "b@x.org", "c@x.org"]],
    ['Ada Lovelace <Ada@X.org>, "Bea, B." <bea@x.org>', ["ada@x.org", "bea@x.org"]],
    [
      '"Lovelace, Ada; Countess" <ada@x.org>; "at @home, B." <bea@x.org>',
      ["ada@x.org", "bea@x.org"],
    ],
    [
      "Lovelace, Ada <ada@x.org>; B., Bea <bea@x.org>, C., Cy <cy@x.org>",
      ["ada@x.org", "bea@x.org", "cy@x.org"],
    ],
    [
      "'dee@x.org' <dee@x.org>, ask, eve@x.org, nobody",
      ["dee@x.org", "ask", "eve@x.org", "nobody"],
    ],
    ["Ada <ada@x.org> Bea <bea@x.org>", ["ada@x.org", "bea@x.org"]],
    ["a@x.org\nA@X.ORG", ["a@x.org"]],
    ["ask Bea\nb@x.org", ["ask Bea", "b@x.org"]],
    ["  ,;\n ", []],
  ])("reads %j", (text, addresses) => {
    expect(addressesOfList(text)).toEqual(addresses)
  })
})

describe("namesOfList", () => {
  it.each([
    ["Ada Lovelace <Ada@X.org>", "Ada Lovelace"],
    ['"Lovelace, Ada" <ada@x.org>', "Ada Lovelace"],
    ["bea@x.org, Lovelace, Ada <ada@x.org>; cy@x.org", "Ada Lovelace"],
    ["Bea <bea@x.org> Ada <ada@x.org>", "Ada"],
    ["'ada@x.org' <ada@x.org>", undefined],
    ["<ada@x.org>", undefined],
    ["ada@x.org", undefined],
  ])("finds Ada’s name in %j", (text, name) => {
    expect(namesOfList(text).get("ada@x.org")).toBe(name)
  })

  it("keeps a name beside its address", () => {
    const people = ["Ada Lovelace <ada@x.org>", "bea@x.org"]
    expect(peopleOfList('"Lovelace, Ada" <Ada@x.org>, bea@x.org')).toEqual(people)
    expect(peopleOfList(people.join("\n"))).toEqual(people)
  })
})
