import { type APIRequestContext, expect, request } from "@playwright/test"
import { type NewFile, uploadFiles } from "../../files/upload-files.ts"
import type { Installation } from "../../installation/start-installation.ts"
import type { Conditions, MemberClient, ShareView } from "../../member-client.ts"
import { read } from "../../member-client.ts"
import { passDay } from "./pass-day.ts"
import { type Act, type Name, PEOPLE, type Person } from "./people.ts"

/** A share of the week: how it was made, and its files' ids by name. */
export type Planned = {
  title: string
  conditions: Conditions
  share: ShareView
  /** The files that it contains now. */
  files: Map<string, string>
  /** Every file that it contained. */
  everHeld: Map<string, string>
  isRevoked: boolean
}

type Opening = {
  from?: string
  status?: number
  /** Whether the browser prefetches the page. */
  ahead?: true
  /** A text that the page contains. */
  says?: string
}

/** Walks through the days: visitors act by HTTP, and a diary records their actions. */
export function startWeek(own: Installation, member: MemberClient) {
  const diary: Act[] = []
  const shares = new Map<string, Planned>()
  const tickets = new Set<string>()
  const previewed = new Set<string>()
  let browsers = new Map<string, Promise<APIRequestContext>>()
  let day = 1
  let deleted = 0

  const planned = (title: string) => {
    const found = shares.get(title)
    if (!found) throw new Error(`There is no share ${title}.`)
    return found
  }

  async function share(title: string, files: NewFile[], conditions: Conditions = {}) {
    const ids = await uploadFiles(member, files)
    const made = await member.shareFiles(ids, { title, ...conditions })
    const byName = new Map(files.map(({ name }, at) => [name, ids[at] ?? ""]))
    const everHeld = new Map(byName)
    shares.set(title, { title, conditions, share: made, files: byName, everHeld, isRevoked: false })
  }

  /** Starts the next day, on which visitors do not have the cookies of this one. */
  async function nextDay() {
    day += 1
    for (const context of browsers.values()) await (await context).dispose()
    browsers = new Map()
    await passDay(own)
  }

  function browserOf(who: Name) {
    const { userAgent, ...person }: Person = PEOPLE[who]
    const known = person.forgets ? undefined : browsers.get(who)
    const context =
      known ??
      request.newContext({
        baseURL: own.url,
        userAgent,
        maxRedirects: 0,
        extraHTTPHeaders: { Accept: "text/html,*/*;q=0.8", "Sec-Fetch-Dest": "document" },
      })
    browsers.set(person.forgets ? `${who} ${browsers.size}` : who, context)
    return context
  }

  function visit(who: Name, title: string) {
    const { share, files } = planned(title)
    const path = new URL(share.url).pathname
    const { forgets, isBot }: Person = PEOPLE[who]
    const key = `${day} ${who} ${title}`
    const idOf = (name: string) => {
      const id = files.get(name)
      if (!id) throw new Error(`${title} has no ${name}.`)
      return id
    }
    const note = (kind: Act["kind"], more: Partial<Act> = {}) =>
      diary.push({
        ...{ share: title, who, kind, files: [], isAll: false, again: false, from: null, day },
        at: Date.now(),
        ...more,
      })
    const noteLinks = (more: Pick<Act, "files" | "isAll">) => {
      note(tickets.has(key) ? "mint" : "claim", more)
      if (!forgets) tickets.add(key)
    }
    const json = { Accept: "application/json" }

    return {
      async open({ from, status = 200, ahead, says = "" }: Opening = {}) {
        const headers = {
          ...(from && { Referer: from }),
          ...(ahead && { "Sec-Purpose": "prefetch" }),
        }
        const answer = await (await browserOf(who)).get(path, { headers })
        expect(answer.status()).toBe(status)
        expect(await answer.text()).toContain(says)
        const host = from ? new URL(from).hostname : null
        const own = new URL(share.url).hostname
        const counts = status === 200 || ahead
        if (counts) note(isBot || ahead ? "bot_view" : "view", { from: host === own ? null : host })
      },

      /** Clicks on a file. Without a status it is granted. */
      async download(name: string, { status = 0 } = {}) {
        const headers = status ? json : {}
        const answer = await (await browserOf(who)).post(`${path}/d/${idOf(name)}`, { headers })
        expect(answer.status()).toBe(status || 303)
        if (status) return note("refused", { files: [name] })
        const bytes = await fetch(answer.headers().location ?? "")
        expect([bytes.status, await bytes.text()]).toEqual([200, `the bytes of ${name}`])
        noteLinks({ files: [name], isAll: false })
      },

      /** Resumes a download by another link, in two ranges. */
      async resume(name: string) {
        const answer = await (await browserOf(who)).get(`${path}/d/${idOf(name)}`, {
          headers: json,
        })
        const { url } = await read<{ url: string }>(answer, 200)
        for (const range of ["bytes=0-3", "bytes=4-"])
          expect((await fetch(url, { headers: { Range: range } })).status).toBe(206)
        note("mint", { files: [name] })
      },

      /** Asks for the links of a ZIP: of all files, of some, or of a folder. */
      async zip(names: string[] | null, folder?: string) {
        const data = folder ? { folder } : names ? { fileIds: names.map(idOf) } : {}
        const answer = await (await browserOf(who)).post(`${path}/claim`, { headers: json, data })
        const { files: granted } = await read<{ files: { name: string }[] }>(answer, 200)
        const wanted = names ?? [...files.keys()]
        expect(granted.map(({ name }) => name).toSorted()).toEqual(wanted.toSorted())
        noteLinks({ files: wanted, isAll: names === null })
      },

      /** "Open the files" of a view-only link with a limit. */
      async startPreview() {
        const context = await browserOf(who)
        expect((await context.post(`${path}/claim`, { form: {} })).status()).toBe(303)
        note("viewer")
        expect((await context.get(path)).status()).toBe(200) // follows the redirect
      },

      async preview(name: string, { status = 302 } = {}) {
        const answer = await (await browserOf(who)).get(`${path}/p/${idOf(name)}`)
        expect(answer.status()).toBe(status)
        if (status !== 302) return
        const seen = `${key} ${name}`
        note("preview", { files: [name], again: !forgets && previewed.has(seen) })
        previewed.add(seen)
      },

      async enter(password: string) {
        const context = await browserOf(who)
        const answer = await context.post(`${path}/unlock`, { form: { password } })
        expect(answer.status()).toBe(303)
        const isRight = password === planned(title).conditions.password
        note(isRight ? "unlock" : "unlock_failed")
        await context.get(answer.headers().location ?? "") // follows the redirect
      },
    }
  }

  /** Adds a file to a share. */
  async function addFile(title: string, file: NewFile) {
    const { share, files, everHeld } = planned(title)
    const [id = ""] = await uploadFiles(member, [file])
    await read(await member.patch(`/shares/${share.id}`, { addFileIds: [id] }), 200)
    files.set(file.name, id)
    everHeld.set(file.name, id)
  }

  async function removeFile(title: string, name: string, isDeleted = false) {
    const { share, files } = planned(title)
    const id = files.get(name) ?? ""
    if (isDeleted) expect((await member.delete(`/files/${id}`)).ok()).toBe(true)
    else await read(await member.patch(`/shares/${share.id}`, { removeFileIds: [id] }), 200)
    files.delete(name)
    if (isDeleted) deleted += 1
  }

  async function change(title: string, conditions: Conditions) {
    const plan = planned(title)
    await read(await member.patch(`/shares/${plan.share.id}`, conditions), 200)
    Object.assign(plan.conditions, conditions)
  }

  /** Revokes a share, or restores it. */
  async function end(title: string, how: "revoke" | "restore") {
    const plan = planned(title)
    await read(await member.post(`/shares/${plan.share.id}/${how}`), 200)
    plan.isRevoked = how === "revoke"
  }

  const acts = { share, visit, nextDay, addFile, removeFile, change, end }
  return { ...acts, planned, shares, diary, today: () => day, deleted: () => deleted }
}

export type Week = ReturnType<typeof startWeek>
