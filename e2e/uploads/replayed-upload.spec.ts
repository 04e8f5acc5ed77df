import { expect, test } from "../fixtures.ts"
import { click } from "../network/send-click.ts"

test("a kept upload URL changes nothing once the file is complete", async ({ owner, stranger }) => {
  const bytes = Buffer.from("what was agreed")
  const forged = Buffer.from("something else!")
  const { file, upload } = await owner.startUpload("contract.pdf", bytes, "application/pdf")
  const put = (body: Buffer) =>
    fetch(upload.url, { method: "PUT", headers: upload.headers, body: new Uint8Array(body) })
  expect((await put(bytes)).status).toBe(200)
  await owner.post(`/files/${file.id}/complete`)
  const share = await owner.shareFiles([file.id])

  const replays = await Promise.all([put(forged), put(forged), put(bytes)])
  expect(replays.map(({ status }) => status)).toEqual([412, 412, 412])
  expect((await owner.post(`/files/${file.id}/complete`)).status()).toBe(200)

  const answer = await click(await stranger(), share)
  const got = await fetch(answer.headers().location ?? "")
  expect(await got.text()).toBe("what was agreed")
})

test("an upload URL accepts exactly the announced size and type, at no other key", async ({
  owner,
}) => {
  const bytes = Buffer.from("what was announced")
  const { file, upload } = await owner.startUpload("contract.pdf", bytes, "application/pdf")
  const put = (url: string, body: string, headers = upload.headers) =>
    fetch(url, { method: "PUT", headers, body })

  const longer = await put(upload.url, `${bytes}, and more`)
  const shorter = await put(upload.url, "short")
  const asPage = { ...upload.headers, "content-type": "text/html" }
  const otherType = await put(upload.url, String(bytes), asPage)
  const elsewhere = await put(upload.url.replace("?", "x?"), String(bytes))
  expect([longer, shorter, otherType, elsewhere].map(({ status }) => status)).toEqual([
    403, 403, 403, 403,
  ])

  const complete = await owner.post(`/files/${file.id}/complete`)
  expect(complete.ok()).toBe(false)
  const [listed] = (await (await owner.get("/files?q=contract.pdf")).json()).items
  expect(listed?.status).not.toBe("ready")
  await owner.delete(`/files/${file.id}`)
})

test("a kept upload URL restores nothing once the file is deleted", async ({
  owner,
  installation,
}) => {
  const bytes = Buffer.from("to be forgotten")
  const { file, upload } = await owner.startUpload("draft.pdf", bytes)
  const put = () =>
    fetch(upload.url, { method: "PUT", headers: upload.headers, body: new Uint8Array(bytes) })
  await put()
  await owner.post(`/files/${file.id}/complete`)
  expect((await owner.delete(`/files/${file.id}`)).status()).toBe(204)
  await expect.poll(async () => (await put()).status).toBe(403) // once the store has deleted it

  expect((await owner.post(`/files/${file.id}/complete`)).ok()).toBe(false)
  expect((await owner.get(`/files/${file.id}`)).status()).toBe(404)
  const [object] = await installation.query<{ state: string }>(
    "SELECT state::text FROM object WHERE file_id = $1",
    [file.id],
  )
  expect(object?.state).toBe("doomed") // and is deleted again after the URL has expired
})

test("fifteen rounds of an upload, its deletion and the upload again store no more than the quota", async ({
  join,
  installation,
}) => {
  const member = await join("Rhoda Rounds")
  const quota = "UPDATE member SET quota_bytes = 20000000 WHERE email = $1"
  await installation.query(quota, [member.email])
  const data = { name: "again.bin", size: 7_600_000, contentType: "application/octet-stream" }
  const body = new Uint8Array(data.size)
  const statuses: number[] = []
  for (let round = 0; round < 15; round++) {
    const started = await member.post("/files", data)
    statuses.push(started.status())
    if (!started.ok()) {
      expect((await started.json()).title).toContain("free up their space within 15 minutes")
      continue
    }
    const { file, upload } = await started.json()
    const put = () => fetch(upload.url, { method: "PUT", headers: upload.headers, body })
    expect((await put()).status).toBe(200)
    expect((await member.delete(`/files/${file.id}`)).status()).toBe(204)
    await expect.poll(async () => (await put()).status).toBe(403)
  }
  expect(statuses).toEqual([201, 201, ...Array(13).fill(413)])
  expect(await (await member.get("/me")).json()).toMatchObject({ usedBytes: 15_200_000 })
})

test("a kept upload URL stores nothing once its member is disabled", async ({ admin, join }) => {
  const member = await join("Dora Disabled")
  const bytes = Buffer.from("before it was over")
  const uploads = [
    await member.startUpload("begun.bin", bytes),
    await member.startUpload("sent.bin", bytes),
  ]
  const put = ({ upload }: (typeof uploads)[number]) =>
    fetch(upload.url, { method: "PUT", headers: upload.headers, body: new Uint8Array(bytes) })
  const { id } = await (await member.get("/me")).json()
  const disabled = await admin.patch(`/admin/users/${id}`, { disabled: true })
  expect(disabled.status()).toBe(200)

  for (const upload of uploads) await expect.poll(async () => (await put(upload)).status).toBe(403)

  await admin.patch(`/admin/users/${id}`, { disabled: false })
  const { items } = await (await admin.get(`/admin/files?q=begun.bin`)).json()
  expect(items).toEqual([])
  for (const upload of uploads) expect((await put(upload)).status).toBe(403)
})
