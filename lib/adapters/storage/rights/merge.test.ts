import { describe, expect, it } from "vitest"
import { mergeItems, same } from "./merge.ts"
import { bucketStatements, isOwnStatement, policyOf, type Statement } from "./policy.ts"

const input = {
  bucket: "files",
  app: "arn:aws:iam::1:user/lapse",
  signers: [
    { colour: "amber", arn: "arn:aws:iam::1:user/amber" },
    { colour: "blue", arn: "arn:aws:iam::1:user/blue" },
  ],
  tls: true,
}
const ours = policyOf(bucketStatements(input, "aws")).Statement
const foreign: Statement = { Sid: "LapseOfMemory", Effect: "Allow", Action: "s3:GetObject" }
const nameless: Statement = { Effect: "Deny", Action: "s3:PutBucketPolicy" }

describe("merging a policy", () => {
  it("adds Lapse's statements and keeps those of others, in their order", () => {
    const { merged, kept, added, isChanged } = mergeItems([nameless, foreign], ours, isOwnStatement)

    expect(merged).toEqual([nameless, foreign, ...ours])
    expect({ kept, added, isChanged }).toEqual({
      kept: [nameless, foreign],
      added: ours,
      isChanged: true,
    })
  })

  it("replaces Lapse's statements, including those of a removed colour", () => {
    const signers = [{ colour: "green", arn: "arn:aws:iam::1:user/green" }]
    const green = policyOf(bucketStatements({ ...input, signers }, "aws")).Statement.slice(-2)
    const old = ours.map((each) =>
      each.Sid === "LapseAppObjects" ? { ...each, Action: ["s3:GetObject"] } : each,
    )
    const { merged, removed, added } = mergeItems([...old, foreign, ...green], ours, isOwnStatement)

    expect(merged).toEqual([foreign, ...ours])
    expect(removed.map(({ Sid }) => Sid)).toEqual([
      ...["LapseAppObjects", "LapseSignerGreen", "LapseTagKeptGreen"],
    ])
    expect(added.map(({ Sid }) => Sid)).toEqual(["LapseAppObjects"])
  })

  it("changes nothing the second time, however the store formats it", () => {
    const written = ours.map((statement) => {
      const { Action, Resource, ...rest } = statement
      return {
        Resource: Array.isArray(Resource) ? [...Resource].reverse() : [Resource],
        Action: Array.isArray(Action) ? [...Action].reverse() : [Action],
        ...rest,
      }
    })

    expect(mergeItems([...written, foreign], ours, isOwnStatement)).toMatchObject({
      isChanged: false,
      kept: [foreign],
    })
  })

  it("recognises its own rule in a store that keeps no names", () => {
    const rule = { ID: "lapse", AllowedMethods: ["GET"] }
    const stored = [{ AllowedMethods: "GET" as unknown as string[] }, { AllowedMethods: ["PUT"] }]

    const { merged, isChanged } = mergeItems<object>(stored, [rule], (item) => "ID" in item)

    expect(merged).toEqual([{ AllowedMethods: ["PUT"] }, rule])
    expect(isChanged).toBe(false)
  })
})

describe("two rules", () => {
  it.each([
    [{ a: ["x"] }, { a: "x" }, true],
    [{ a: ["x", "y"] }, { a: ["y", "x"] }, true],
    [{ a: 1, b: true }, { b: "true", a: "1" }, true],
    [{ Filter: { Prefix: "" } }, { Prefix: "" }, true],
    [{ a: "x" }, { a: "y" }, false],
    [{ a: ["x", "y"] }, { a: ["x"] }, false],
    [{ a: { b: "x" } }, { a: { c: "x" } }, false],
  ])("%j and %j say the same: %s", (one, other, isSame) => {
    expect(same(one, other)).toBe(isSame)
  })
})

describe("the policy", () => {
  it("requires TLS only if every address of the store has it", () => {
    const sids = (tls: boolean) => bucketStatements({ ...input, tls }, "aws").map(sidOf)

    expect(sids(true)).toContain("LapseTlsOnly")
    expect(sids(false)).not.toContain("LapseTlsOnly")
  })

  it("limits the age of URLs, except for Ceph, which would ignore it", () => {
    const sids = (flavour: "aws" | "ceph") => bucketStatements(input, flavour).map(sidOf)

    expect(sids("aws")).toContain("LapseAddressAgeGet")
    expect(sids("ceph")).not.toContain("LapseAddressAgeGet")
  })

  it("allows nothing outside of o/, probe/ and audit/, where it deletes nothing, and a colour only its own objects", () => {
    const byAllow = ours.filter(({ Effect }) => Effect === "Allow")
    const resources = byAllow.flatMap(({ Resource }) => [Resource].flat())

    expect(new Set(resources)).toEqual(
      new Set([
        "arn:aws:s3:::files",
        ...["o", "probe", "audit"].map((prefix) => `arn:aws:s3:::files/${prefix}/*`),
      ]),
    )
    expect(byAllow.find(({ Sid }) => Sid === "LapseAppAudit")).toMatchObject({
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: "arn:aws:s3:::files/audit/*",
    })
    expect(byAllow.find(({ Sid }) => Sid === "LapseSignerBlue")).toEqual({
      Sid: "LapseSignerBlue",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::1:user/blue" },
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::files/o/*",
      Condition: { StringEquals: { "s3:ExistingObjectTag/signer": "blue" } },
    })
  })
})

const sidOf = ({ statement }: { statement: Statement }) => statement.Sid
