import { createServer } from "node:http"
import { afterAll, describe, expect, it } from "vitest"
import { completeMultipart } from "#lib/adapters/storage.ts"
import { withStoreAt } from "#testing/with-outage.ts"

// A store as S3 documents it: 200 at once, blanks to keep the connection, then the result.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
let ending: string | null = null
const server = createServer((request, response) => {
  // Answers the probes like a store without conditional writes.
  if (request.method === "DELETE") return response.writeHead(204).end()
  if (request.url?.includes("uploads")) return response.writeHead(501).end()
  response.writeHead(200, { "content-type": "application/xml" })
  response.write('<?xml version="1.0" encoding="UTF-8"?>\n   \n')
  setTimeout(() => (ending === null ? response.destroy() : response.end(ending)), 50)
})
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
const address = server.address()
const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`

afterAll(() => server.close())

const errorOf = (code: string) => `<Error><Code>${code}</Code><Message>No.</Message></Error>`
const complete = () => withStoreAt(() => completeMultipart("o/key", "upload", []), endpoint)

describe("a 200 whose body is an error", () => {
  it("is an error", async () => {
    ending = errorOf("InternalError")
    await expect(complete()).rejects.toMatchObject({ name: "InternalError" })
  })

  it("says that the upload is unknown, as any other answer does", async () => {
    ending = errorOf("NoSuchUpload")
    expect(await complete()).toBe(false)
  })

  it("does not affect a successful answer", async () => {
    ending = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"
    expect(await complete()).toBe(true)
  })

  it("does not include a cut or empty body, which is a different error", async () => {
    for (const nothing of [null, ""]) {
      ending = nothing
      await expect(complete()).rejects.toThrow()
    }
  })
})
