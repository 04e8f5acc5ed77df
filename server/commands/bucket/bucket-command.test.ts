import { once } from "node:events"
import { createServer } from "node:https"
import { describe, expect, it } from "vitest"
import { runLapse } from "#testing/lapse/run-lapse.ts"
import { runLapseHere } from "#testing/lapse/run-lapse-here.ts"
import { CA_FILE, pem } from "#testing/mail/mail-server.ts"

const STORE = {
  APP_URL: "https://share.example.org",
  S3_BUCKET: "files",
  S3_ENDPOINT: "https://s3.example.org",
}

/** The JSON texts in the output. */
const jsonIn = (said: string) =>
  said.split(/\n(?=\{\n)/).flatMap((part) => {
    const end = part.indexOf("\n}")
    return part.startsWith("{") && end > 0 ? [JSON.parse(part.slice(0, end + 2))] : []
  })

describe("lapse bucket policy", () => {
  it("prints for AWS the policies of app, colours and bucket, each with its reason", async () => {
    const { code, said } = await runLapse(["bucket", "policy", "--account", "123456789012"], {
      APP_URL: "https://share.example.org",
      S3_BUCKET: "files",
    })

    const [policy, cors, lifecycle] = jsonIn(said)
    const sids = policy.Statement.map(({ Sid }: { Sid: string }) => Sid)
    expect(sids).toEqual([
      "LapseTlsOnly",
      "LapseAddressAgeGet",
      "LapseAddressAgePut",
      "LapseAppBucket",
      "LapseAppObjects",
      "LapseAppAudit",
      "LapseSignerAmber",
      "LapseSignerBlue",
      "LapseSignerGreen",
      "LapseTagKeptAmber",
      "LapseTagKeptBlue",
      "LapseTagKeptGreen",
    ])
    for (const sid of sids) expect(said).toContain(`- ${sid}: `)
    expect(JSON.stringify(policy)).toContain("arn:aws:iam::123456789012:user/lapse-amber")
    expect(cors.CORSRules[0].AllowedOrigins).toEqual(["https://share.example.org"])
    expect(lifecycle.Rules[0].AbortIncompleteMultipartUpload).toEqual({ DaysAfterInitiation: 14 })
    expect(code).toBe(0)
  })

  it("prints for MinIO a policy of each user", async () => {
    const { said } = await runLapseHere(["bucket", "policy", "--for", "minio"], STORE)

    const policies = jsonIn(said).filter(({ Statement }) => Statement)
    expect(policies).toHaveLength(4)
    expect(JSON.stringify(policies)).not.toContain("Principal")
    expect(said).toContain("mc admin policy attach ALIAS lapse-amber --user lapse-amber")
  })

  it("prints for R2 no policy, and says why there are no colours", async () => {
    const { said } = await runLapseHere(["bucket", "policy", "--for", "r2"], STORE)

    expect(jsonIn(said)).toHaveLength(2)
    expect(said).toContain("leave S3_SIGNERS unset")
  })

  it("asks for no TLS where the store has none, and says so", async () => {
    const plain = { ...STORE, S3_ENDPOINT: "http://10.0.0.1:9000" }
    const { said } = await runLapseHere(["bucket", "policy", "--for", "ceph"], plain)

    expect(said).not.toContain("LapseTlsOnly")
    expect(said).toContain("http://10.0.0.1:9000 is http, so no statement asks for TLS")
  })
})

describe("lapse bucket apply", () => {
  it.each([
    [{ CA_FILE }, /Policy: cannot be read \(.*AccessDenied/],
    [{}, /Policy: cannot be read \(UNABLE_TO_VERIFY/],
  ])("trusts the certificate of a store by the authority in %o", async (given, said) => {
    const server = createServer({ key: pem("localhost.key"), cert: pem("localhost") })
    server.on("request", (_request, response) =>
      response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>"),
    )
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const port = typeof address === "object" ? address?.port : 0
    const call = ["bucket", "apply", "--for", "ceph", "--keys-from", "OWNER"]

    const run = await runLapse(call, {
      ...STORE,
      S3_ENDPOINT: `https://localhost:${port}`,
      OWNER_ACCESS_KEY_ID: "key",
      OWNER_SECRET_ACCESS_KEY: "secret",
      ...given,
    })
    server.closeAllConnections()
    server.close()

    expect(run.said).toMatch(said)
  })
})

describe("lapse bucket refuses with a sentence", () => {
  it.each<[string, string[], Record<string, string>, RegExp]>([
    ["the kind is unknown", ["policy"], STORE, /What store is at https:\/\/s3.example.org/],
    ["the kind is another", ["policy", "--for", "b2"], STORE, /--for takes aws, ceph, minio, r2/],
    ["it is neither", ["delete"], STORE, /Name policy or apply/],
    ["there are no keys", ["apply", "--for", "ceph"], STORE, /--keys-from or --profile/],
    [
      "the account is not named",
      ["apply", "--for", "aws", "--keys-from", "OWNER"],
      STORE,
      /--account/,
    ],
    [
      "a signer has no name",
      ["policy", "--for", "ceph", "--signer", "amber"],
      STORE,
      /like amber=lapse-amber/,
    ],
  ])("when %s in the call", async (_, args, settings, sentence) => {
    const { code, said } = await runLapseHere(["bucket", ...args], settings)

    expect(said).toMatch(sentence)
    expect(said).not.toMatch(/\n\s+at /)
    expect(code).toBe(64)
  })

  it("when the settings do not fit the call", async () => {
    const embedded = await runLapseHere(["bucket", "policy"], {})
    expect(embedded.said).toMatch(/sets up its bucket and its keys itself/)
    const call = ["bucket", "apply", "--for", "ceph", "--keys-from", "OWNER"]
    const unset = await runLapseHere(call, STORE)
    expect(unset.said).toMatch(/Set OWNER_ACCESS_KEY_ID/)
    expect([embedded.code, unset.code]).toEqual([1, 1])
  })
})
