import { type APIRequestContext, type APIResponse, expect, request } from "@playwright/test"

export type FileView = { id: string; name: string; size: number; status: string }
export type Upload = { method: string; url: string; headers: Record<string, string> }
export type ShareView = {
  id: string
  url: string
  title: string
  name: string
  message: string
  status: string
  files: FileView[]
  expiresAt: string | null
  maxDownloads: number | null
  hasPassword: boolean
  views: number
  botViews: number
  previews: number
  downloads: number
  revokedAt: string | null
  exposedUntil: string | null
  cutOff: { state: string; how: string | null; objects: number } | null
}

export type Conditions = {
  title?: string
  message?: string
  startsAt?: Date | string
  expiresAt?: Date | string | null
  password?: string
  maxDownloads?: number
  direct?: boolean
  preview?: boolean
  viewOnly?: boolean
  watermark?: boolean
  mintTtlSeconds?: number
}

/** A member's HTTP client, which is signed in with next-auth and keeps its cookies. */
export type MemberClient = Awaited<ReturnType<typeof signInClient>>

/** `code` is for a member with a second factor. */
export type Credentials = { email: string; password: string; code?: string }

/** Posts the credentials to next-auth; the context keeps the cookies of the answer. */
export async function postCredentials(
  context: APIRequestContext,
  { email, password, code }: Credentials,
) {
  const { csrfToken } = await (await context.get("/api/auth/csrf")).json()
  return context.post("/api/auth/callback/credentials", {
    form: { csrfToken, email, password, json: "true", ...(code && { code }) },
    maxRedirects: 0,
  })
}

const newContext = (url: string) =>
  request.newContext({ baseURL: url, extraHTTPHeaders: { Origin: url } })

export async function signInClient(url: string, credentials: Credentials) {
  const context = await newContext(url)
  const answer = await postCredentials(context, credentials)
  expect(answer.status(), await answer.text()).toBe(200)
  return clientOf(context, credentials)
}

/** Posts the form of an invitation, as its page does; the answer signs the member in. */
export async function joinClient(
  url: string,
  invite: string,
  member: Credentials & { name: string },
) {
  const context = await newContext(url)
  const token = new URL(invite).pathname.split("/").at(-1) ?? ""
  const answer = await context.post("/auth/invite", { form: { token, ...member }, maxRedirects: 0 })
  expect(answer.status(), await answer.text()).toBe(303)
  return clientOf(context, member)
}

async function clientOf(context: APIRequestContext, credentials: Credentials) {
  expect(await isSignedIn(context)).toBe(true)

  const api = (path: string) => `/api/v1${path}`

  async function startUpload(
    name: string,
    bytes: Buffer,
    contentType = "application/octet-stream",
    path = "",
  ) {
    const response = await context.post(api("/files"), {
      data: { name, size: bytes.length, contentType, path },
    })
    return read<{ file: FileView; upload: Upload }>(response, 201)
  }

  async function upload(name: string, bytes: Buffer, contentType?: string, path?: string) {
    const { file, upload } = await startUpload(name, bytes, contentType, path)
    const { url: target, headers } = upload
    const put = await fetch(target, { method: "PUT", headers, body: new Uint8Array(bytes) })
    expect(put.status, await put.text()).toBe(200)
    return read<FileView>(await context.post(api(`/files/${file.id}/complete`)), 200)
  }

  const { email, password } = credentials
  return {
    email,
    password,
    context,
    get: (path: string) => context.get(api(path)),
    post: (path: string, data?: object) => context.post(api(path), data ? { data } : {}),
    patch: (path: string, data: object) => context.patch(api(path), { data }),
    delete: (path: string) => context.delete(api(path)),
    startUpload,
    upload,
    /** Uploads a small file with this name and shares it. */
    async share(name: string, conditions: Conditions = {}) {
      const file = await upload(name, Buffer.from(`the bytes of ${name}`), "application/pdf")
      return this.shareFiles([file.id], conditions)
    },
    async shareFiles(fileIds: string[], conditions: Conditions = {}) {
      const response = await context.post(api("/shares"), { data: { fileIds, ...conditions } })
      return read<ShareView>(response, 201)
    },
    async readShare(id: string) {
      return read<ShareView>(await context.get(api(`/shares/${id}`)), 200)
    },
    isSignedIn: () => isSignedIn(context),
  }
}

export async function isSignedIn(context: APIRequestContext) {
  return (await context.get("/api/v1/me")).status() === 200
}

/** Requires this status of an answer and returns its body. */
export async function read<Body>(response: APIResponse, status: number): Promise<Body> {
  expect(response.status(), `${response.url()} ${await response.text()}`).toBe(status)
  return response.json()
}
