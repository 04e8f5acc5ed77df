import { createServer } from "node:http"
import { describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { storeKind } from "#lib/adapters/storage.ts"
import { anUploadInParts } from "#testing/builders/a-file.ts"
import { callApi } from "#testing/call-api.ts"
import { listening } from "#testing/lapse/proxies.ts"
import { throughStoreProxy } from "#testing/store/store-proxy.ts"
import { withStoreAt } from "#testing/with-outage.ts"

const complete = "POST /files/{id}/complete"

describe("the kind of a store", () => {
  const SWIFT = "txa1e9dc4c629f41eea29fe-006b0cb683-region1"
  it.each([
    ["ceph", { "x-amz-request-id": "tx00000f0e1d2c3b4a59687-006b0cb683-106b-default" }],
    ["swift", { "x-amz-request-id": SWIFT, "x-openstack-request-id": SWIFT }],
    ["other", { "x-amz-request-id": SWIFT }], // a gateway may hide the other header
    ["other", { server: "AmazonS3", "x-amz-request-id": "5A2D" }],
  ])("is %s by the answers %o", async (kind, headers) => {
    const server = createServer((_request, response) => response.writeHead(200, headers).end())
    const port = await listening(server)
    try {
      expect(await withStoreAt(storeKind, `http://127.0.0.1:${port}`)).toBe(kind)
    } finally {
      server.close()
    }
  })
})

it.each([405, 501])("a store that answers ListParts with %i is named with that", async (status) => {
  const { owner, file } = await anUploadInParts()
  const listsParts = (method = "", url = "") => method === "GET" && url.includes("uploadId=")

  const answer = await throughStoreProxy(
    ({ method, url }) =>
      listsParts(method, url) ? { status, code: "NotImplemented" } : "forwarded",
    async () => {
      const { S3_ENDPOINT } = configuration
      const answer = await callApi(complete, { as: owner, id: file.id })
      return { status: answer.status, problem: await answer.json(), endpoint: S3_ENDPOINT }
    },
  )

  expect(answer).toMatchObject({
    status: 503,
    problem: {
      code: "unavailable",
      title: `The storage at ${answer.endpoint} does not support ListParts, which Lapse needs for this. Please ask an admin to run the checks.`,
    },
  })
})
