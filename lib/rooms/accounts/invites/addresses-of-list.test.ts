import { describe, expect, it } from "vitest"
import { addressesOfList } from "./addresses-of-list.ts"

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
    ["ask Bea\nb@x.org", ["ask bea", "b@x.org"]],
    ["  ,;\n ", []],
  ])("reads %j", (text, addresses) => {
    expect(addressesOfList(text)).toEqual(addresses)
  })
})
