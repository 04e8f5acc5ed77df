import { request } from "@playwright/test"
import { expect } from "../fixtures.ts"
import { test } from "../installation/own-installation.ts"
import { click, open } from "../network/send-click.ts"

for (const ending of ["stopped", "killed"] as const) {
  test(`after Lapse is ${ending} and started again nothing is lost: session, share, counts, ticket and bytes`, async ({
    own,
    member,
  }) => {
    test.setTimeout(120_000)
    const share = await member.share("survey.pdf", { maxDownloads: 1 })
    const visitor = await request.newContext({ baseURL: own.url, maxRedirects: 0 })
    await open(visitor, share)
    const clicked = await click(visitor, share)
    expect(clicked.headers().location).toContain("X-Amz-Signature=")
    const before = await member.readShare(share.id)
    expect(before).toMatchObject({ downloads: 1, status: "used_up" })

    const from = own.lines().length
    if (ending === "stopped") expect(await own.stop()).toBe(0)
    else await own.kill()
    await expect(fetch(`${own.url}/api/live`)).rejects.toThrow()
    await own.start()

    expect(await member.readShare(share.id)).toEqual(before)
    const again = await click(visitor, share)
    const bytes = await fetch(again.headers().location ?? "")
    expect(await bytes.text()).toBe("the bytes of survey.pdf")
    expect(await member.readShare(share.id)).toMatchObject({ downloads: 1 })
    const errors = own.lines(from).filter((line) => line.includes('"level":"error"'))
    expect(errors).toEqual([])
    await visitor.dispose()
  })
}
