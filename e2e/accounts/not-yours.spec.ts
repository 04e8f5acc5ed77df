import { expect, test } from "../fixtures.ts"
import type { MemberClient } from "../member-client.ts"

type Call = { name: string; make: (member: MemberClient) => ReturnType<MemberClient["get"]> }

test("another member's files, uploads and shares are not found by any call", async ({
  owner,
  join,
}) => {
  const share = await owner.share("survey.pdf", { title: "Harbour survey" })
  const [file] = share.files
  const started = await owner.startUpload("half.bin", Buffer.from("half"))
  const other = await join("Mallory Moth")
  const files = `/files/${file?.id}`
  const upload = `/files/${started.file.id}`
  const shares = `/shares/${share.id}`

  const calls: Call[] = [
    { name: "read a file", make: (m) => m.get(files) },
    { name: "rename a file", make: (m) => m.patch(files, { name: "mine.pdf" }) },
    { name: "delete a file", make: (m) => m.delete(files) },
    { name: "finish an upload", make: (m) => m.post(`${upload}/complete`) },
    { name: "ask for an upload's address", make: (m) => m.post(`${upload}/upload`) },
    { name: "see an upload's parts", make: (m) => m.get(`${upload}/parts`) },
    { name: "sign parts", make: (m) => m.post(`${upload}/parts`, { partNumbers: [1] }) },
    { name: "cancel an upload", make: (m) => m.delete(upload) },
    { name: "share a file", make: (m) => m.post("/shares", { fileIds: [file?.id] }) },
    { name: "read a share", make: (m) => m.get(shares) },
    { name: "change a share", make: (m) => m.patch(shares, { title: "mine" }) },
    { name: "revoke a share", make: (m) => m.post(`${shares}/revoke`, {}) },
    { name: "restore a share", make: (m) => m.post(`${shares}/restore`) },
    { name: "give a share a new link", make: (m) => m.post(`${shares}/new-link`) },
    { name: "see a share's events", make: (m) => m.get(`${shares}/events`) },
  ]
  for (const { name, make } of calls) {
    const answer = await make(other)
    expect(answer.status(), name).toBe(404)
    expect(await answer.json(), name).toMatchObject({ code: "not_found" })
  }

  for (const list of ["/files", "/shares"]) {
    expect((await (await other.get(list)).json()).items, list).toEqual([])
  }
  const after = await owner.readShare(share.id)
  expect(after).toEqual(share)
})

test("a member who is no admin is refused the admins' calls", async ({ owner }) => {
  const share = await owner.share("survey.pdf")

  const calls = [
    owner.get("/admin/shares"),
    owner.post("/admin/shares/revoke", { ids: [share.id] }),
    owner.get("/admin/users"),
    owner.post("/admin/users/invites", { email: "x@example.org" }),
    owner.get("/admin/audit"),
  ]
  for (const answer of await Promise.all(calls)) expect(answer.status(), answer.url()).toBe(403)
  expect(await owner.readShare(share.id)).toMatchObject({ status: "open" })
})

test("another member's share, file and the admin's pages answer 404 in the browser too", async ({
  admin,
  ownerPage,
}) => {
  const share = await admin.share("secret.pdf")

  for (const path of [`/shares/${share.id}`, "/admin/shares", "/admin/members", "/admin/audit"]) {
    const answer = await ownerPage.goto(path)
    expect(answer?.status(), path).toBe(404)
    await expect(ownerPage.getByText("secret.pdf")).toHaveCount(0)
  }
})
