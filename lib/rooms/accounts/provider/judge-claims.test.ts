import { describe, expect, it } from "vitest"
import { type ClaimRules, type Claims, lacksClaims, mergeClaims, personOf } from "./judge-claims.ts"

const RULES: ClaimRules = {
  domains: ["example.org"],
  groups: ["lapse users"],
  adminClaim: { claim: "groups", value: "lapse-admins" },
  auditorClaim: null,
  trustEmail: false,
  teams: false,
}
const BASE = { iss: "https://login.example.org", sub: "1", email: "Ada@Example.org" }
const ADA = { address: "ada@example.org" }

type Row = [string, Claims, Partial<ClaimRules>, object]

/** Claims as the documents of each provider show them. */
const SHAPES: Row[] = [
  [
    "Keycloak: a verified address, groups as paths",
    { ...BASE, email_verified: true, name: "Ada L", groups: ["/lapse users", "/lapse-admins"] },
    { domains: [] },
    { email: ADA, allowed: true, role: "admin", name: "Ada L" },
  ],
  [
    "Keycloak: roles of the realm, by a path",
    { ...BASE, email_verified: true, realm_access: { roles: ["offline_access", "lapse-admin"] } },
    { adminClaim: { claim: "realm_access.roles", value: "lapse-admin" } },
    { role: "admin" },
  ],
  [
    "Keycloak: an address that nobody verified",
    { ...BASE, email_verified: false, groups: ["/lapse users"] },
    {},
    { email: { refused: "provider_unverified" }, allowed: true },
  ],
  [
    "Authentik: groups by name, with spaces",
    { ...BASE, email_verified: true, groups: ["authentik Admins", "lapse users"] },
    { domains: [], adminClaim: { claim: "groups", value: "authentik Admins" } },
    { email: ADA, allowed: true, role: "admin" },
  ],
  [
    "Authentik, whose scope mapping says that no address is verified",
    { ...BASE, email_verified: false, preferred_username: "ada", groups: [] },
    { trustEmail: true },
    { email: { refused: "provider_unverified" }, role: "member" },
  ],
  [
    "an address with a letter that is another one in lower case",
    { ...BASE, email: "mi\u212Ae@example.org", email_verified: true },
    {},
    { email: { refused: "provider_no_email" } },
  ],
  [
    "Entra ID: says nothing about the address",
    { ...BASE, preferred_username: "ada@example.org", oid: "9b", tid: "7c", ver: "2.0" },
    {},
    { email: { refused: "provider_unsaid" }, allowed: "provider_not_allowed" },
  ],
  [
    "Entra ID: trusted, groups by their ids, roles of the app",
    { ...BASE, name: "Ada", groups: ["0f7c-1"], roles: ["Lapse.Admin"] },
    { trustEmail: true, groups: ["0f7c-1"], adminClaim: { claim: "roles", value: "Lapse.Admin" } },
    { email: ADA, allowed: true, role: "admin" },
  ],
  [
    "Entra ID: too many groups, which leave the role alone",
    {
      ...BASE,
      _claim_names: { groups: "src1" },
      _claim_sources: { src1: { endpoint: "https://graph.example" } },
    },
    { trustEmail: true, domains: [] },
    { email: ADA, allowed: "provider_groups", role: null },
  ],
  [
    "Entra ID: without the optional claim email",
    { iss: BASE.iss, sub: "1", preferred_username: "ada@example.org" },
    { trustEmail: true },
    { email: { refused: "provider_no_email" }, allowed: "provider_not_allowed" },
  ],
  [
    "Google Workspace: the domain vouches",
    { ...BASE, iss: "https://accounts.google.com", email_verified: true, hd: "example.org" },
    { adminClaim: null },
    { email: ADA, allowed: true, role: null },
  ],
  [
    "Google: an account that anybody made with an address of the domain",
    { ...BASE, iss: "https://accounts.google.com", email_verified: true },
    {},
    { email: { refused: "provider_unverified" }, allowed: "provider_not_allowed" },
  ],
  [
    "Google: an address of Gmail",
    { iss: "https://accounts.google.com", sub: "1", email: "a@gmail.com", email_verified: true },
    {},
    { email: { address: "a@gmail.com" }, allowed: "provider_not_allowed" },
  ],
  [
    "a provider that writes booleans as text",
    { ...BASE, email_verified: "true", lapse_admin: "true" },
    { adminClaim: { claim: "lapse_admin", value: true } },
    { email: ADA, role: "admin" },
  ],
  [
    "a claim with a name like an address",
    { ...BASE, email_verified: true, "https://example.org/roles": "admin" },
    { adminClaim: { claim: "https://example.org/roles", value: "admin" } },
    { role: "admin" },
  ],
]

describe("personOf", () => {
  it.each(SHAPES)("reads %s", (_shape, claims, rules, person) => {
    expect(personOf(claims, { ...RULES, ...rules })).toMatchObject(person)
  })

  it.each([
    ["email_verified of another kind", { email_verified: 1 }],
    ["email_verified false as text", { email_verified: "false" }],
  ])("takes no address by %s", (_what, claims) => {
    const { email } = personOf({ ...BASE, ...claims }, { ...RULES, trustEmail: true })
    expect(email).toEqual({ refused: "provider_unverified" })
  })

  const GROUPS = { domains: [], groups: ["staff"] }
  it.each<[string, Claims, Partial<ClaimRules>, boolean]>([
    ["in a group", { groups: ["staff"] }, GROUPS, false],
    ["in other groups", { groups: ["others"] }, GROUPS, true],
    ["in no group", { groups: [] }, GROUPS, true],
    ["whose groups were not sent", {}, GROUPS, false],
    ["whose groups were too many", { _claim_names: { groups: "src1" } }, GROUPS, false],
    ["of another domain", { email: "a@else.example" }, { groups: [] }, true],
    [
      "of another domain, in a group",
      { email: "a@else.example", groups: ["lapse users"] },
      {},
      false,
    ],
    ["of another domain, whose groups were not sent", { email: "a@else.example" }, {}, false],
    ["whose address was not sent", { email: undefined }, { groups: [] }, false],
    [
      "whose address is not said to be verified",
      { email_verified: undefined },
      { groups: [] },
      false,
    ],
    ["whose address is not verified any more", { email_verified: false }, { groups: [] }, true],
    ["where no rule is set", { groups: [] }, { domains: [], groups: [] }, false],
  ])("knows whether a person %s is excluded", (_who, claims, rules, excluded) => {
    const person = personOf({ ...BASE, email_verified: true, ...claims }, { ...RULES, ...rules })
    expect(person.excluded).toBe(excluded)
  })

  it.each([
    "ada@evil.example\r\nBcc: x@example.org",
    "ada@example.org@evil.example",
    ["ada@example.org"],
    `${"a".repeat(250)}@example.org`,
  ])("takes no address that is none: %j", (email) => {
    const person = personOf({ ...BASE, email, email_verified: true }, RULES)
    expect(person).toMatchObject({ email: { refused: "provider_no_email" } })
    expect(person.allowed).toBe("provider_not_allowed")
  })

  it("reads who is an auditor, if the claim of admins does not make an admin", () => {
    const auditorClaim = { claim: "roles", value: "audit" }
    const roleOf = (claims: Claims) =>
      personOf({ ...BASE, ...claims }, { ...RULES, auditorClaim }).role
    expect(roleOf({ groups: [], roles: ["audit"] })).toBe("auditor")
    expect(roleOf({ groups: ["lapse-admins"], roles: ["audit"] })).toBe("admin")
    expect(roleOf({ groups: [], roles: ["other"] })).toBe("member")
    expect(roleOf({ groups: [], _claim_names: { roles: "src1" } })).toBeNull()
    const few = { ...BASE, email: "ada@example.org", email_verified: true, groups: [] }
    expect(lacksClaims(few, { ...RULES, auditorClaim })).toBe(true)
    expect(lacksClaims({ ...few, roles: [] }, { ...RULES, auditorClaim })).toBe(false)
  })

  it("reaches no claim through a prototype", () => {
    const adminClaim = { claim: "constructor.name", value: "Object" }
    expect(personOf(BASE, { ...RULES, adminClaim }).role).toBe("member")
  })

  it("makes a name of one line from any claims", () => {
    const nameOf = (claims: Claims) => personOf({ ...BASE, ...claims }, RULES).name
    expect(nameOf({ name: "Ada\n\u202eL" })).toBe("Ada L")
    expect(nameOf({ given_name: "Ada", family_name: "L" })).toBe("Ada L")
    expect(nameOf({ preferred_username: "al" })).toBe("al")
    expect(nameOf({ name: " " })).toBe("Ada")
    expect(nameOf({ name: "a".repeat(200) })).toHaveLength(80)
    expect(personOf({ ...BASE, given_name: "Ada" }, RULES).sentName).toBe("Ada")
    expect(personOf({ ...BASE, preferred_username: "al" }, RULES).sentName).toBeNull()
  })

  it("asks userinfo only for what a rule needs", () => {
    const whole = { ...BASE, email_verified: false, groups: [] }
    expect(lacksClaims(whole, RULES)).toBe(false)
    expect(lacksClaims({ ...whole, email: undefined }, RULES)).toBe(true)
    const unsaid = { ...whole, email_verified: undefined }
    expect(lacksClaims(unsaid, RULES)).toBe(true)
    expect(lacksClaims(unsaid, { ...RULES, trustEmail: true })).toBe(false)
    expect(lacksClaims({ ...whole, groups: undefined }, RULES)).toBe(true)
    const { groups: _, ...few } = whole
    expect(lacksClaims(few, { ...RULES, groups: [], adminClaim: null })).toBe(false)
  })

  const SAYS = { email: "ada@example.org", email_verified: true, hd: "example.org" }
  it.each<[string, Claims, Claims, unknown[]]>([
    [
      "the token, with what it says of it",
      { ...BASE, email_verified: false },
      SAYS,
      ["token", false],
    ],
    ["userinfo where the token has none", { sub: "1" }, SAYS, ["userinfo", true, "example.org"]],
    ["userinfo where only it says more of the same", BASE, SAYS, ["userinfo", true, "example.org"]],
    ["the token where userinfo has another", BASE, { ...SAYS, email: "b@example.org" }, ["token"]],
    ["the token where userinfo has none", BASE, { email_verified: true, hd: "x" }, ["token"]],
  ])("takes the address from %s", (_what, token, userinfo, [from, verified, hd]) => {
    expect(
      mergeClaims({ ...token, name: "Ada" }, { ...userinfo, name: "Eve", groups: [] }),
    ).toEqual({
      ...token,
      name: "Ada",
      groups: [],
      email: from === "token" ? BASE.email : SAYS.email,
      email_verified: verified,
      hd,
    })
  })
})
