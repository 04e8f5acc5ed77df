import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { build } from "esbuild"
import { NextRequest } from "next/server"
import { afterAll, beforeAll, expect, it } from "vitest"
import { GET, POST } from "#app/api/v1/[...path]/route.ts"
import { db } from "#lib/adapters/database.ts"
import { sessionCookieName } from "#lib/web/sign-in/session-cookie.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { signIn } from "#testing/call-api.ts"
import { openApiText } from "./open-api.ts"

const PROGRAM = `
import { client } from "./api/client.gen"
import {
  getSharesById, postFiles, postFilesBatch, postFilesByIdComplete, postShares,
} from "./api/sdk.gen"

type Installation = { auth: string; fetch: (request: Request) => Promise<Response> }

export async function shareTwoFiles({ auth, fetch }: Installation) {
  client.setConfig({ baseUrl: "http://localhost:3000/api/v1", auth, fetch: fetch as typeof globalThis.fetch })
  const throwOnError = true
  const files = [{ name: "a.txt", size: 5 }]
  const { data: batch } = await postFilesBatch({ body: { files }, throwOnError })
  const one = { body: { name: "b.txt", size: 5 }, headers: { "Idempotency-Key": "b" }, throwOnError } as const
  const { data: started } = await postFiles(one)
  const fileIds: string[] = []
  for (const item of [...batch.items, started]) {
    if ("problem" in item || item.upload?.method !== "put") throw new Error("expected one PUT")
    const headers: Record<string, string> = item.upload.headers
    await globalThis.fetch(item.upload.url, { method: "PUT", headers, body: "bytes" })
    await postFilesByIdComplete({ path: { id: item.file.id }, throwOnError })
    fileIds.push(item.file.id)
  }
  const again = await postFiles(one)
  const made = await postShares({ body: { fileIds, expiresIn: 3600 }, throwOnError })
  const read = await getSharesById({ path: { id: made.data.id } })
  return { share: made.data, again: again.data, status: read.response?.status, code: read.error?.code }
}

// @ts-expect-error A file has a name.
export const nameless = () => postFilesBatch({ body: { files: [{ size: 5 }] } })
`

// The generator prints by the compiler's API, which TypeScript has not had since version 7.
const WITH_COMPILER_API = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module"
  registerHooks({
    resolve: (name, context, next) => next(name === "typescript" ? "@typescript/typescript6" : name, context),
  })`)}`
const GENERATE = `
  import { createClient } from "@hey-api/openapi-ts"
  const [, input, output] = process.argv
  await createClient({ input, output, logs: { level: "silent" } })`

let directory: string
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "lapse-client-"))
})
afterAll(() => rmSync(directory, { recursive: true }))

it("a client that @hey-api/openapi-ts generates compiles, and shares files by a token", {
  timeout: 180_000,
}, async () => {
  const [document, program, bundle] = ["api.json", "program.ts", "program.mjs"].map((name) =>
    path.join(directory, name),
  ) as [string, string, string]
  writeFileSync(document, openApiText())
  writeFileSync(program, PROGRAM)
  const generate = ["--input-type=module", "--import", WITH_COMPILER_API, "-e", GENERATE]
  execFileSync(process.execPath, [...generate, document, path.join(directory, "api")])
  const options =
    "--strict --noEmit --module preserve --target es2024 --lib es2024,dom,dom.iterable"
  const compiler = [path.resolve("node_modules/typescript/bin/tsc"), ...options.split(" "), program]
  const compiled = spawnSync(process.execPath, compiler, { cwd: directory, encoding: "utf8" })
  expect(compiled.stdout).toBe("")
  await build({ entryPoints: [program], outfile: bundle, bundle: true, format: "esm" })

  const [owner, other] = [await aMember(), await aMember()]
  const { token } = await aToken(owner, ["files:write", "shares:write"])
  const cookie = `${sessionCookieName()}=${await signIn(other)}`
  const fetch = (request: Request) => {
    const sent = new NextRequest(request)
    sent.headers.set("cookie", cookie) // as browsers do
    return request.method === "GET" ? GET(sent) : POST(sent)
  }
  const { shareTwoFiles } = await import(bundle)

  expect(await shareTwoFiles({ auth: token, fetch })).toMatchObject({
    share: { status: "open", files: [{ name: "a.txt" }, { name: "b.txt", status: "ready" }] },
    again: { file: { name: "b.txt" }, upload: null },
    status: 403, // its token may not read shares
    code: "scope",
  })
  expect(await db.file.count({ where: { ownerId: owner } })).toBe(2)
})
