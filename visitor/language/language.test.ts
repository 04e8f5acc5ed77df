import { describe, expect, it, test, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { directionOf, LANGUAGES, LOCALES, type Locale } from "#lib/adapters/text/languages.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { inHours, past } from "#testing/units.ts"
import { STORE_ORIGIN, VISITOR_ASSETS } from "#testing/visitors/visitor-assets.ts"
import { createVisitor } from "#visitor/answer.ts"

const FOREIGN = LOCALES.filter((locale) => locale !== "en")

const visit = createVisitor(VISITOR_ASSETS)

type Asked = { method?: string; headers?: Record<string, string>; body?: string }

async function ask(address: string, { method = "GET", headers = {}, body = "" }: Asked = {}) {
  const url = new URL(address, "http://localhost")
  const sent: Record<string, string> = { accept: "text/html,*/*;q=0.8", ...headers }
  const { status, ...answer } = await visit({
    method,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => sent[name],
    clientAddress: "192.0.2.7",
    nonce: "nonce",
    storeOrigin: STORE_ORIGIN,
    readBody: async () => body,
    isGone: () => false,
  })
  const all = (name: string) =>
    answer.headers.filter(([each]) => each === name).map(([, value]) => value)
  return { status, all, header: (name: string) => all(name)[0], body: String(answer.body) }
}

const inLanguage = (locale: string) => ({ headers: { "accept-language": locale } })

/** The `lang` attribute of the page, and its heading. */
function languageOf({ body }: { body: string }) {
  const [, lang, dir] = /<html lang="([^"]+)" dir="([^"]+)">/.exec(body) ?? []
  return { lang, dir }
}

/** The view count of a share without a limit. */
async function viewsOf(shareId: string) {
  const counters = await db.shareCounter.findMany({ where: { shareId } })
  return counters.reduce((sum, { views }) => sum + Number(views), 0)
}

/** Creates a link in each state that a page shows, by the state's name. */
async function aLinkInEachState() {
  const passwordHash = await hashPassword("open sesame")
  return {
    open: await aLink({ files: ["a.pdf", "b.pdf"], maxDownloads: 3 }),
    endless: await aLink({ expiresAt: null }),
    locked: await aLink({ passwordHash }),
    scheduled: await aLink({ startsAt: inHours(30), title: "" }),
    expired: await aLink({ expiresAt: past() }),
    revoked: await aLink({ revokedAt: past() }),
    used_up: await aLink({ maxDownloads: 1, downloads: 1 }),
    viewed_up: await aLink({ maxDownloads: 1, downloads: 1, viewOnly: true }),
    empty: await aLink({ files: [] }),
  }
}

describe("the page", () => {
  it("is in the browser's language, with its direction", async () => {
    const { token } = await aLink()
    for (const locale of LOCALES) {
      const answer = await ask(`/s/${token}`, inLanguage(`${locale},en;q=0.1`))
      expect(languageOf(answer)).toEqual({ lang: locale, dir: directionOf(locale) })
      expect(answer.header("Content-Language")).toBe(locale)
      expect(answer.header("Vary")).toBe("Accept-Language, Cookie")
    }
  })

  it("names every language in that language, and marks the current one", async () => {
    const { token } = await aLink()
    const { body } = await ask(`/s/${token}`, inLanguage("ar"))
    for (const locale of LOCALES) {
      const mark = locale === "ar" ? ' aria-current="true"' : ""
      const attributes = `name="lang" value="${locale}" lang="${locale}" dir="${directionOf(locale)}"`
      expect(body).toContain(`<button ${attributes}${mark}>${LANGUAGES[locale]}</button>`)
    }
    expect(body).toContain(`<form action="/s/${token}">`)
  })

  it.each(FOREIGN)("has no English sentence in %s, whatever the link's state", async (locale) => {
    const english = await pagesOfEachState("en")
    const own = await pagesOfEachState(locale)
    for (const [state, texts] of Object.entries(english)) {
      const same = texts.filter((text) => own[state]?.includes(text))
      expect([state, same]).toEqual([state, []])
    }
  })

  it("keeps the order of a name in a script of the other direction", async () => {
    const { token, ownerId } = await aLink({ title: "", files: ["تقرير (1).pdf"] })
    const english = await ask(`/s/${token}`)
    expect(english.body).toContain("<bdi>تقرير (1)<wbr/>.<wbr/>pdf</bdi></h1>")
    expect(english.body).toContain("Ada Lovelace sent you")

    await db.member.update({ where: { id: ownerId }, data: { name: "ليلى" } })
    expect((await ask(`/s/${token}`)).body).toContain("\u2068ليلى\u2069 sent you")
    const arabic = await ask(`/s/${token}`, inLanguage("ar"))
    expect(arabic.body).toContain("مشاركة من \u2068ليلى\u2069")
    expect(arabic.body).toContain("ملف واحد (\u20681.2 كيلوبايت\u2069)")
  })

  it("contains only messages of its language", async () => {
    const { token } = await aLink()
    const { body } = await ask(`/s/${token}`, inLanguage("de"))
    const [, messages = ""] = /id="island"[^>]*>([^<]*)</.exec(body) ?? []
    expect(messages).toContain("Noch ")
    expect(messages).not.toMatch(/Expires in|Ouvert|Abierto/)
  })
})

/** The texts between the tags of each state's page, without those that all pages share. */
async function pagesOfEachState(locale: Locale): Promise<Record<string, string[]>> {
  const pages: Record<string, string[]> = {}
  for (const [state, { token }] of Object.entries(await aLinkInEachState())) {
    const { body } = await ask(`/s/${token}`, inLanguage(locale))
    pages[state] = textsOf(body)
  }
  pages.unknown = textsOf((await ask("/s/unknown", inLanguage(locale))).body)
  return pages
}

const SAME = /^((The report · )?Lapse|The report|PDF|SHA-256|[abr]\w*\.(pdf)?|[\d.]+ kB|\W*)$/

const textsOf = (html: string) =>
  html
    .replace(/<(script|form action|details class="language)[\s\S]*?<\/(script|form|summary)>/g, "")
    .split(/<[^>]*>/)
    .map((text) => text.trim())
    .filter((text) => !SAME.test(text))

describe("the switch", () => {
  it("wins over the browser's language, and counts no view", async () => {
    const { token, shareId } = await aLink()
    const answer = await ask(`/s/${token}?lang=ja`, inLanguage("de"))
    expect(languageOf(answer).lang).toBe("ja")
    expect(answer.all("Set-Cookie")).toContainEqual(
      "lapse-language=ja; Path=/s; Max-Age=31536000; HttpOnly; SameSite=Lax",
    )
    expect(await viewsOf(shareId)).toBe(0)
  })

  it("applies to every link from then on", async () => {
    const { token } = await aLink()
    const headers = { "accept-language": "de", cookie: "lapse-visit=x; lapse-language=ar" }
    expect(languageOf(await ask(`/s/${token}`, { headers })).lang).toBe("ar")
    expect(languageOf(await ask("/s/unknown", { headers })).lang).toBe("ar")
  })

  it("can be used again", async () => {
    const { token } = await aLink()
    const headers = { cookie: "lapse-language=ar" }
    const answer = await ask(`/s/${token}?lang=en`, { headers })
    expect(languageOf(answer).lang).toBe("en")
    expect(String(answer.all("Set-Cookie"))).toContain("lapse-language=en;")
  })

  it.each(["xx", "", "*", "constructor", "d e", "en\r\nSet-Cookie: a=b"])(
    "ignores the language %j, and sets no cookie for it",
    async (lang) => {
      const { token } = await aLink()
      const answer = await ask(`/s/${token}?lang=${encodeURIComponent(lang)}`, inLanguage("fr"))
      expect(languageOf(answer).lang).toBe("fr")
      expect(String(answer.all("Set-Cookie"))).not.toContain("lapse-language")
      const headers = { cookie: `lapse-language=${lang}`, "accept-language": "fr" }
      expect(languageOf(await ask(`/s/${token}`, { headers })).lang).toBe("fr")
    },
  )

  it("is not triggered by a page that fetches a part of itself, nor by a HEAD", async () => {
    const { token } = await aLink()
    const part = await ask(`/s/${token}?part=live&lang=de&q=`, {
      headers: { cookie: "lapse-language=fr" },
    })
    expect(languageOf(part).lang).toBe("de")
    expect(String(part.all("Set-Cookie"))).not.toContain("lapse-language")
    const head = await ask(`/s/${token}?lang=de`, { method: "HEAD" })
    expect(head.header("Content-Language")).toBe("de")
    expect(String(head.all("Set-Cookie"))).not.toContain("lapse-language")
  })

  it("translates the page of an unknown link without a cookie", async () => {
    const answer = await ask(`/s/${"A".repeat(32)}?lang=de`)
    expect([answer.status, answer.all("Set-Cookie")]).toEqual([404, []])
    expect(answer.body).toContain("Link nicht gefunden")
  })

  it("keeps what the list is searched for", async () => {
    const files = Array.from({ length: 40 }, (_, index) => `report ${index}.pdf`)
    const { token } = await aLink({ files })
    const { body } = await ask(`/s/${token}?q=report 1`)
    expect(body).toContain('<input type="hidden" name="q" value="report 1">')
  })
})

describe("a refusal", () => {
  it("is in the language of the page, as a page and as problem details", async () => {
    const { token, fileId } = await aLink({ maxDownloads: 1, downloads: 1 })
    const address = `/s/${token}/d/${fileId}`
    for (const [locale, title] of [
      ["de", "Für diesen Link sind keine Downloads mehr verfügbar."],
      ["ar", "لم يتبقَّ أي تنزيل لهذا الرابط."],
      ["sv", "This link has no downloads left."],
    ] as const) {
      const headers = { accept: "application/json", "accept-language": locale }
      const answer = await ask(address, { method: "POST", headers })
      expect(JSON.parse(answer.body)).toMatchObject({ code: "gone", title, status: 410 })
    }
    const kept = {
      accept: "application/json",
      "accept-language": "de",
      cookie: "lapse-language=ja",
    }
    const answer = await ask(address, { method: "POST", headers: kept })
    expect([answer.header("Content-Language"), JSON.parse(answer.body).title]).toEqual([
      "ja",
      "このリンクはダウンロード回数の上限に達しました。",
    ])
  })

  it("is in English for a client that asks for no language", async () => {
    const { token } = await aLink({ expiresAt: past() })
    const answer = await ask(`/s/${token}/claim`, { method: "POST", headers: { accept: "*/*" } })
    expect(JSON.parse(answer.body).title).toBe("This link has expired.")
  })

  it("of a wrong method has a sentence", async () => {
    const { token } = await aLink()
    const answer = await ask(`/s/${token}`, { method: "PUT", ...inLanguage("es") })
    expect([answer.status, answer.header("Allow")]).toEqual([405, "GET, HEAD"])
    expect(answer.body).toContain("Esta dirección no admite ese método.")
  })

  it("because of a full disk redirects to the link, whose page may be in another language", async () => {
    const { token, fileId } = await aLink()
    const found = hostState()
    const before = found.disk
    found.disk = { directory: "/", takesUploads: true, freeBytes: 0, reserveBytes: 100 }
    try {
      const address = `/s/${token}/d/${fileId}`
      const answer = await ask(address, { method: "POST", ...inLanguage("ja") })
      expect(answer.status).toBe(503)
      expect(answer.body).toContain("サーバーのディスクがいっぱいです。</h1>")
      expect(answer.body).toContain("後でもう一度お試しください。</p>")
      expect(answer.body).toContain(`<form action="/s/${token}">`)
    } finally {
      found.disk = before
    }
  })

  it("of too many passwords says in the page's language when to try again", async () => {
    const { token } = await aLink({ passwordHash: await hashPassword("open sesame") })
    const headers = { accept: "application/json", "accept-language": "zh-CN" }
    const unlock = () =>
      ask(`/s/${token}/unlock`, { method: "POST", headers, body: "password=wrong" })
    let answer = await unlock()
    for (let attempt = 1; attempt <= 10; attempt++) answer = await unlock()
    expect(answer.status).toBe(429)
    expect(JSON.parse(answer.body).title).toMatch(/^尝试次数过多。请在\d+(秒钟?|分钟)后再试。$/)
  })

  it("for programs only has a general text in other languages", async () => {
    const { token } = await aLink()
    const post = (locale: string) =>
      ask(`/s/${token}/claim`, {
        method: "POST",
        headers: { accept: "application/json", "accept-language": locale },
        body: '{"fileIds":[]}',
      })
    expect(JSON.parse((await post("en")).body).title).toBe("fileIds: Name at least one file.")
    expect(JSON.parse((await post("de")).body).title).toBe("fileIds: Dieser Wert ist ungültig.")
  })
})

test("an internal error is a page in the visitor's language", async () => {
  const { token } = await aLink()
  const error = vi.spyOn(log, "error").mockImplementation(() => {})
  const answer = await visit({
    method: "POST",
    path: `/s/${token}/unlock`,
    query: new URLSearchParams(),
    header: (name) => ({ accept: "text/html", "accept-language": "fr" })[name],
    clientAddress: "192.0.2.7",
    nonce: "nonce",
    storeOrigin: STORE_ORIGIN,
    readBody: async () => {
      throw new TypeError("a bug")
    },
    isGone: () => false,
  })
  expect([answer.status, error.mock.calls.length]).toEqual([500, 1])
  expect(answer.body).toContain("Un problème est survenu de notre côté.</h1>")
  error.mockRestore()
})
