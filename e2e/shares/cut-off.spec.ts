import { MIB } from "#testing/units.ts"
import { uploadLarge } from "../files/large-file.ts"
import { expect, test } from "../fixtures.ts"
import type { ShareView } from "../member-client.ts"
import { click } from "../network/send-click.ts"

const SIZES = process.env.HEAVY === "1" ? [1, 5 * 1024] : [9]

type CutOff = { state: string; how: string; probe: { before: number; status: number } }

for (const mib of SIZES) {
  test(`an address that was handed out for ${mib} MiB is refused once the cut off says done`, async ({
    owner,
    stranger,
  }) => {
    test.setTimeout(process.env.HEAVY === "1" ? 1_800_000 : 60_000)
    const file =
      mib > 8
        ? await uploadLarge(owner, "film.mov", mib * MIB)
        : await owner.upload("film.mov", Buffer.alloc(mib * MIB))
    const share = await owner.shareFiles([file.id])
    const other = await owner.shareFiles([file.id])
    const kept = (await click(await stranger(), share)).headers().location ?? ""
    const running = await fetch(kept)
    const reader = running.body?.getReader()
    const first = await reader?.read()

    const answer = await owner.post(`/shares/${share.id}/revoke`, { cutOff: true })
    const { cutOff } = (await answer.json()) as ShareView & { cutOff: CutOff }

    expect(cutOff).toMatchObject({
      state: "done",
      how: "recoloured",
      probe: { before: 206, status: 403 },
    })
    expect((await fetch(kept)).status).toBe(403)
    expect((await fetch(kept, { headers: { range: "bytes=0-0" } })).status).toBe(403)
    const anew = (await click(await stranger(), other)).headers().location ?? ""
    expect((await fetch(anew, { headers: { range: "bytes=0-0" } })).status).toBe(206)

    // As documented: no store stops a running download.
    let bytes = first?.value?.length ?? 0
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read())
      bytes += next.value.length
    expect(bytes).toBe(mib * MIB)
    expect((await owner.delete(`/files/${file.id}`)).status()).toBe(204)
  })
}
