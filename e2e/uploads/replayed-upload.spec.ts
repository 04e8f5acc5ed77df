import { expect, test } from "../fixtures.ts"

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
