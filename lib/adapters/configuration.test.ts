import { execFile } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createServer } from "node:https"
import path from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { CA_FILE, pem } from "#testing/mail/mail-server.ts"
import { SETTINGS, type Setting } from "./configuration/table.ts"
import { readConfiguration, removedSettings } from "./configuration.ts"
import { SetupError } from "./errors.ts"

const SECRETS = { AUTH_SECRET: "a".repeat(32), LINK_SECRET: "b".repeat(32) }

/** Returns the error that readConfiguration throws. */
function refusalOf(environment: Record<string, string>): unknown {
  try {
    return readConfiguration(environment)
  } catch (error) {
    return error
  }
}

const read = (file: string) => readFileSync(path.join(import.meta.dirname, "../..", file), "utf8")

it("names each setting of an earlier version that is still set", () => {
  expect(removedSettings({ APP_URL: "http://localhost", SCAN_MAX_BYTES: "" })).toEqual([])
  expect(removedSettings({ SCAN_MAX_BYTES: "5" })).toEqual([
    "SCAN_MAX_BYTES is set and no longer counts (clamd’s own limits hold): remove it.",
  ])
  expect(removedSettings({ MAX_SHARE_DAYS: "30" })).toEqual([
    "MAX_SHARE_DAYS is set and no longer counts (admins choose it under Admin, Settings, Sharing, and until they do shares may stay open for any time): remove it.",
  ])
})

describe("readConfiguration", () => {
  it("needs nothing: everything is embedded and only this machine can connect", () => {
    const settings = readConfiguration({})

    expect(settings).toMatchObject({
      APP_URL: "http://localhost:3000",
      HOST: "127.0.0.1",
      PORT: 3000,
      LOCAL_S3_PORT: 3001,
      S3_PUBLIC_ENDPOINT: "http://localhost:3001",
    })
    expect(settings.DATABASE_URL).toBeUndefined()
    expect(settings.S3_BUCKET).toBeUndefined()
  })

  it("treats an empty setting as unset, as compose files write it", () => {
    expect(readConfiguration({ DATABASE_URL: "", S3_BUCKET: "", PORT: "", HOST: "" })).toEqual(
      readConfiguration({}),
    )
  })

  it("follows PORT with the address and the store, so that one setting moves everything", () => {
    expect(readConfiguration({ PORT: "4000" })).toMatchObject({
      APP_URL: "http://localhost:4000",
      LOCAL_S3_PORT: 4001,
      S3_PUBLIC_ENDPOINT: "http://localhost:4001",
    })
  })

  it("follows the port that APP_URL names", () => {
    expect(readConfiguration({ APP_URL: "http://192.168.1.5:8080" })).toMatchObject({
      PORT: 8080,
      HOST: undefined,
      S3_PUBLIC_ENDPOINT: "http://192.168.1.5:8081",
    })
  })

  it.each([
    ["http://localhost:3000", "127.0.0.1"],
    ["http://lapse.localhost:3000", "127.0.0.1"],
    ["http://127.0.0.7", "127.0.0.7"],
    ["http://[::1]:3000", "::1"],
    ["http://127.0.0.1.example.org", undefined],
    ["http://192.168.1.5", undefined],
    ["https://share.example.org", undefined],
  ])("binds loopback exactly when the address is loopback: %s", (APP_URL, host) => {
    expect(readConfiguration({ APP_URL })).toMatchObject({ HOST: host })
  })

  it("lets HOST override what is bound", () => {
    expect(readConfiguration({ HOST: "0.0.0.0" })).toMatchObject({ HOST: "0.0.0.0" })
  })

  it("asks for shared secrets as soon as the database is shared", () => {
    const DATABASE_URL = "postgresql://db.example.org/lapse"

    expect(() => readConfiguration({ DATABASE_URL })).toThrow(/AUTH_SECRET/)
    expect(() => readConfiguration({ DATABASE_URL, AUTH_SECRET: "x" })).toThrow(/LINK_SECRET/)
    expect(readConfiguration({ DATABASE_URL, ...SECRETS }).DATABASE_URL).toBe(DATABASE_URL)
  })

  it("accepts a number up to its bound", () => {
    expect(readConfiguration({ BACKUP_KEEP: "1000", MINT_TTL_SECONDS: "15" })).toMatchObject({
      BACKUP_KEEP: 1000,
      MINT_TTL_SECONDS: 15,
    })
  })

  it("accepts signers of several colours, whose secrets may contain any character but a comma, and key ids %3A for a colon", () => {
    expect(readConfiguration({ S3_SIGNERS: "amber:a:s/+:=, blue:b:t" }).S3_SIGNERS).toEqual([
      { colour: "amber", accessKeyId: "a", secretAccessKey: "s/+:=" },
      { colour: "blue", accessKeyId: "b", secretAccessKey: "t" },
    ])
    const [signer] =
      readConfiguration({ S3_SIGNERS: "amber:team%3Aana:s%3A,blue:b:t" }).S3_SIGNERS ?? []
    expect(signer).toMatchObject({ accessKeyId: "team:ana", secretAccessKey: "s%3A" })
  })

  it.each([
    ["smtp://mail.example.org", "mail.example.org", 587, "starttls", null, ""],
    ["smtps://u%40x:p%2F%3A@mail.example.org:2465", "mail.example.org", 2465, "tls", "u@x", "p/:"],
    ["smtp+plain://localhost:1025", "localhost", 1025, "none", null, ""],
    ["smtp+plain://[::1]", "::1", 25, "none", null, ""],
  ])("reads the mail server of %s", (SMTP_URL, host, port, security, user, password) => {
    const MAIL_FROM = '"Harbour, Co" <Lapse@Example.org>'
    expect(readConfiguration({ SMTP_URL, MAIL_FROM })).toMatchObject({
      SMTP_URL: { host, port, security, user, password },
      MAIL_FROM: { name: "Harbour, Co", address: "lapse@example.org" },
    })
  })

  it.each([
    "mail.example.org:25",
    "http://mail.example.org",
    "smtp://",
    "smtp://lapse:hunter2@mail.example.org/path",
    "smtp://lapse:hunter2@mail.example.org?tls=no",
    "smtp://a%zz@mail.example.org",
  ])("refuses the mail server %s without repeating its password", (SMTP_URL) => {
    const error = refusalOf({ SMTP_URL, MAIL_FROM: "lapse@example.org" })
    expect(error instanceof SetupError && error.message).toMatch(
      /^SMTP_URL cannot be used: set it to an address like smtp:\/\//,
    )
    expect(String(error)).not.toContain("hunter2")
  })

  it.each([
    ["PORT", { PORT: "80a" }],
    ["PORT", { PORT: "70000" }],
    ["LOCAL_S3_PORT", { LOCAL_S3_PORT: "3000" }],
    ["APP_URL", { APP_URL: "share.example.org" }],
    ["APP_URL", { APP_URL: "ftp://share.example.org" }],
    ["APP_URL", { APP_URL: "https://example.org/share" }],
    ["TRUSTED_PROXIES", { TRUSTED_PROXIES: "10.0.0.0/40" }],
    ["TRUSTED_PROXIES", { TRUSTED_PROXIES: "10.0.0.1, proxy" }],
    ["S3_PUBLIC_ENDPOINT", { S3_PUBLIC_ENDPOINT: "files" }],
    [
      "S3_PUBLIC_ENDPOINT",
      { APP_URL: "https://a.example.org", S3_PUBLIC_ENDPOINT: "http://b.example.org" },
    ],
    ["ADMIN_EMAIL", { ADMIN_EMAIL: "ada@example.org" }],
  ])("stops with a sentence that names %s: %o", (name, environment) => {
    const error = refusalOf(environment)

    expect(error instanceof SetupError && error.message).toContain(name)
  })

  it.each([
    ["MINT_TTL_SECONDS", "301"],
    ["MINT_TTL_SECONDS", "0"],
    ["BACKUP_KEEP", "1001"],
    ["BACKUP_KEEP", "seven"],
  ])("refuses %s=%s with a sentence that names it", (name, value) => {
    expect(() => readConfiguration({ [name]: value })).toThrow(
      new RegExp(`^${name} cannot be used .*: correct it, or unset it\\.$`),
    )
  })

  it.each([
    [{ PORT: "80a" }, 'PORT is "80a": set it to a port number from 1 to 65535.'],
    [
      { PORT: "80", LOCAL_S3_PORT: "80" },
      "LOCAL_S3_PORT and PORT are both 80: give the object store its own port.",
    ],
    [
      { APP_URL: "share.example.org" },
      'APP_URL is "share.example.org": set it to the address people will open, like https://share.example.com.',
    ],
    [
      { APP_URL: "https://example.org/share" },
      'APP_URL is "https://example.org/share": it must be a scheme, a host and perhaps a port, like https://example.org.',
    ],
    [
      { S3_PUBLIC_ENDPOINT: "files" },
      'S3_PUBLIC_ENDPOINT is "files": set it to the address where browsers find the object store, like https://files.example.com.',
    ],
    [
      { TRUSTED_PROXIES: "10.0.0.1, proxy" },
      'TRUSTED_PROXIES holds "proxy": list addresses or networks like 10.0.0.0/8, separated by commas.',
    ],
    [
      { S3_SIGNERS: "amber:key:secret" },
      "S3_SIGNERS needs signers of two colours or more: list two or more keys like amber:keyId:secret, separated by commas.",
    ],
    [
      { S3_SIGNERS: "amber:key:secret,Blue:other:secret" },
      "S3_SIGNERS entry 2 is not colour:keyId:secret with a colour of a to z: list two or more keys like amber:keyId:secret, separated by commas.",
    ],
    [
      { S3_SIGNERS: "amber:key:secret,amber:other:secret" },
      "S3_SIGNERS names a colour twice: list two or more keys like amber:keyId:secret, separated by commas.",
    ],
    [
      { S3_SIGNERS: "amber:key:secret,blue:key:secret" },
      "S3_SIGNERS names a key twice: list two or more keys like amber:keyId:secret, separated by commas.",
    ],
    [
      { LINK_SECRET: `${"b".repeat(32)}, short` },
      "LINK_SECRET cannot be used (needs at least 32 characters each): correct it, or unset it.",
    ],
    [
      { SMTP_URL: "smtp://mail.example.org" },
      "SMTP_URL is set and MAIL_FROM is not: set MAIL_FROM to the sender of Lapse’s mail, like Lapse <lapse@example.org>.",
    ],
    [
      { MAIL_FROM: "Lapse" },
      "MAIL_FROM cannot be used (must be like Lapse <lapse@example.org>): correct it, or unset it.",
    ],
    [
      { MAIL_FROM: "Jürgen <jürgen@example.org>" },
      "MAIL_FROM cannot be used (must be like Lapse <lapse@example.org>, and no address has “ü”): correct it, or unset it.",
    ],
    [
      { CA_FILE: "/nowhere/ca.pem" },
      "CA_FILE cannot be used (/nowhere/ca.pem cannot be read): correct it, or unset it.",
    ],
    [
      { CA_FILE: "package.json" },
      "CA_FILE cannot be used (package.json holds no certificate in PEM form): correct it, or unset it.",
    ],
    [
      { DATABASE_URL: "mysql://db.example.org/lapse", ...SECRETS },
      "DATABASE_URL cannot be used (must start with postgresql://): correct it, or unset it.",
    ],
  ])("says how to mend %o", (environment, sentence) => {
    expect(refusalOf(environment)).toEqual(new SetupError(sentence))
  })

  it("names every wrong setting on its own line, without the rules that depend on it", () => {
    const error = refusalOf({
      PORT: "none",
      LOCAL_S3_PORT: "3000",
      AUTH_SECRET: "short",
      DATABASE_URL: "postgresql://db.example.org/lapse",
    })

    const lines = error instanceof SetupError ? error.message.split("\n") : []
    expect(lines.map((line) => line.split(":")[0])).toEqual([
      'PORT is "none"',
      "AUTH_SECRET cannot be used (needs at least 32 characters)",
      "DATABASE_URL is set and LINK_SECRET is not",
    ])
  })
})

describe("the authorities of CA_FILE", () => {
  // Commands, web processes and the main process all start by reading the settings.
  const program = `
    import https from "node:https"
    import { configuration } from "#lib/adapters/configuration.ts"
    const { OIDC_ISSUER: url } = configuration
    const byFetch = await fetch(url).then(({ status }) => status, ({ cause }) => cause.code)
    const say = (byHttps) => console.log(byFetch, byHttps) ?? process.exit()
    https.get(url, ({ statusCode }) => say(statusCode)).on("error", ({ code }) => say(code))`

  it.each([
    [{ CA_FILE }, "200 200"],
    [{}, "UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ])("are trusted by whatever connects in a process with %o", async (given, said) => {
    const server = createServer({ key: pem("localhost.key"), cert: pem("localhost") })
    server.on("request", (_request, response) => response.end())
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const port = typeof address === "object" ? address?.port : 0
    const settings = { DATABASE_URL: "postgresql://nowhere/lapse", S3_BUCKET: "lapse", ...SECRETS }
    const client = { OIDC_CLIENT_ID: "lapse", OIDC_CLIENT_SECRET: "a secret" }
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "./server/server-only.mjs", "--input-type=module", "--eval", program],
      {
        cwd: path.join(import.meta.dirname, "../.."),
        env: {
          NODE_ENV: "test",
          ...settings,
          ...client,
          ...given,
          OIDC_ISSUER: `https://localhost:${port}`,
        },
      },
    )
    server.closeAllConnections()
    server.close()
    expect(stdout.trim()).toBe(said)
  })
})

describe("the documents", () => {
  const table = Object.entries<Setting>(SETTINGS)

  it("name every setting in .env.example, with its purpose and its default or an example", () => {
    const listed = [...read(".env.example").matchAll(/((?:^# .*\n)+)#([A-Z0-9_]+)=(.*)$/gm)].map(
      ([, comment = "", name, value]) => ({
        name,
        value,
        about: comment.replace(/^# /gm, "").trim().replaceAll("\n", " "),
      }),
    )

    expect(listed).toEqual(
      table.map(([name, { about, example, unset, ...setting }]) => ({
        name,
        value: example ?? setting.default ?? "",
        about: unset ? `${about} Unset: ${unset.replaceAll("`", "")}.` : about,
      })),
    )
  })

  const rows = table.map(([name, { about, unset, secret, ...setting }]) => {
    const mark = secret ? " *Secret.*" : ""
    return `| \`${name}\` | ${unset ?? `\`${setting.default}\``} | ${about}${mark} |`
  })

  it("have the table of all settings in docs/configuration.md", async () => {
    const file = path.join(import.meta.dirname, "../../docs/configuration.md")
    const [before, after] = read("docs/configuration.md").split(
      /(?<=\n\|---\|---\|---\|\n)[\s\S]*?(?=\n\n)/,
    )

    await expect(`${before}${rows.join("\n")}${after}`).toMatchFileSnapshot(file)
  })

  it("name ten settings in the README, in the words of that table", () => {
    const listed = read("README.md").match(/^\| `[A-Z0-9_]+` \|.*$/gm) ?? []

    expect(listed).toHaveLength(10)
    expect(rows).toEqual(expect.arrayContaining(listed))
  })

  it.each(table.filter(([, { example }]) => example))(
    "give an example of %s that works",
    (name, { example = "" }) => {
      const needed = {
        ...SECRETS,
        MAIL_FROM: "lapse@example.org",
        OIDC_CLIENT_ID: "lapse",
        OIDC_CLIENT_SECRET: "a secret",
        OIDC_ADMIN_CLAIM: "admin",
      }
      expect(() => readConfiguration({ ...needed, [name]: example })).not.toThrow()
    },
  )
})
