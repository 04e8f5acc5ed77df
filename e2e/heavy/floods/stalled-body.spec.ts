import { expect, test } from "../../fixtures.ts"
import { sendRaw } from "../../network/raw-request.ts"

test("a body that stalls is dropped after half a minute", async ({ installation: { url } }) => {
  const head = ["POST /api/v1/shares HTTP/1.1", "Content-Length: 100"]
  const answer = await sendRaw(url, head, { body: ["{"], waitMs: 55_000 })

  expect(answer).toEqual({ status: 0, text: "", isClosed: true })
})
