import { describe, expect, it } from "vitest"
import { addressesOfList } from "./addresses-of-list.ts"

describe("addressesOfList", () => {
  it.each([
    ["a@x.org\nb@x.org\r\n\n", ["a@x.org", "b@x.org"]],
    ["a@x.org, b@x.org; c@x.org", ["a@x.org", "b@x.org", "c@x.org"]],
    ["a@x.org b@x.org\tc@x.org", ["a@x.org", "b@x.org", "c@x.org"]],
    ['Ada Lovelace <Ada@X.org>, "Bea, B." <bea@x.org>', ["ada@x.org", '"bea', "bea@x.org"]],
    ["Ada <ada@x.org> Bea <bea@x.org>", ["ada@x.org", "bea@x.org"]],
    ["a@x.org\nA@X.ORG", ["a@x.org"]],
    ["ask Bea\nb@x.org", ["ask bea", "b@x.org"]],
    ["  ,;\n ", []],
  ])("reads %j", (text, addresses) => {
    expect(addressesOfList(text)).toEqual(addresses)
  })
})
