import { expect, test } from "../fixtures.ts"
import { click, leadsToStore, open } from "../network/send-click.ts"

const FOREIGN: Record<string, Record<string, string>> = {
  "a foreign page": { Origin: "https://evil.example" },
  "no page at all": { Origin: "" },
  "an opaque page": { Origin: "null" },
  "a page of a sibling host": { "Sec-Fetch-Site": "same-site" },
  "a foreign page by its fetch site": { "Sec-Fetch-Site": "cross-site" },
}

for (const [who, headers] of Object.entries(FOREIGN)) {
  test(`${who} cannot write with a member's session`, async ({ owner }) => {
    const share = await owner.share("survey.pdf", { title: "Harbour survey" })
    const [file] = share.files
    const { context } = owner
    const send = (method: string, path: string, data = {}) =>
      context.fetch(`/api/v1${path}`, { method, headers, data })

    const answers = [
      await send("POST", "/files", { name: "x", size: 1, contentType: "text/plain" }),
      await send("PATCH", `/files/${file?.id}`, { name: "x" }),
      await send("DELETE", `/files/${file?.id}`),
      await send("POST", "/shares", { fileIds: [file?.id] }),
      await send("PATCH", `/shares/${share.id}`, { title: "x" }),
      await send("POST", `/shares/${share.id}/revoke`),
    ]
    for (const answer of answers) {
      expect(answer.status(), answer.url()).toBe(403)
      expect(await answer.json()).toMatchObject({ code: "forbidden" })
    }
    expect(await owner.readShare(share.id)).toEqual(share)
  })
}

test("a call without a session, or with a bearer token, is asked to sign in", async ({
  stranger,
  owner,
}) => {
  const signedOut = await (await stranger()).get("/api/v1/shares")
  expect([signedOut.status(), (await signedOut.json()).code]).toEqual([401, "signed_out"])

  const headers = { Authorization: "Bearer abc" }
  const bearer = await owner.context.get("/api/v1/shares", { headers })
  expect(bearer.status()).toBe(401)
})

test("a visitor's click is accepted from any site, because it carries no authority", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf")

  for (const headers of Object.values(FOREIGN)) {
    const person = await stranger()
    await open(person, share)
    expect(leadsToStore(await click(person, share, headers))).toBe(true)
  }
})
