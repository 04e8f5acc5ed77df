import { expect, test } from "../fixtures.ts"
import { click, leadsToStore, open } from "../network/send-click.ts"

// That none of them writes with a member's session is tested in lib/api/serve.test.ts.
const FOREIGN: Record<string, string>[] = [
  { Origin: "https://evil.example" },
  { Origin: "" },
  { Origin: "null" },
  { "Sec-Fetch-Site": "same-site" },
  { "Sec-Fetch-Site": "cross-site" },
]

test("a visitor's click is accepted from any site, because it carries no authority", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf")

  for (const headers of FOREIGN) {
    const person = await stranger()
    await open(person, share)
    expect(leadsToStore(await click(person, share, headers))).toBe(true)
  }
})
