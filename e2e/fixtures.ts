import {
  type APIRequestContext,
  type BrowserContextOptions,
  test as base,
  devices,
  expect,
  type Page,
  request,
} from "@playwright/test"
import { ADMIN } from "./installation/own-installation.ts"
import { type Installation, startInstallation } from "./installation/start-installation.ts"
import { joinClient, type MemberClient, signInClient } from "./member-client.ts"

export { expect } from "@playwright/test"

const { userAgent: CHROME } = devices["Desktop Chrome"]

type Watcher = { problems: string[]; watch: (page: Page) => void }

type Fixtures = {
  /** Patterns of problems that the browser or the app may report in this story. */
  allowed: RegExp[]
  watcher: Watcher
  /** Lets the members of a worker, who signed in long ago, make changes that need a confirmation. */
  confirmed: undefined
  /** Opens a page of a new browser context. */
  browse: (options?: BrowserContextOptions) => Promise<Page>
  /** The page of a person without an account. */
  visitor: Page
  /** The page of a person without an account, without JavaScript. */
  plainVisitor: Page
  /** Creates an HTTP client without an account that follows no redirect. */
  stranger: () => Promise<APIRequestContext>
  /**
   * The HTTP client of a member who is not an admin. She begins each story without files, shares and
   * settings of her own.
   */
  owner: MemberClient
  /** A page where the owner is signed in. */
  ownerPage: Page
  adminPage: Page
  /** Creates another member of this installation. */
  join: (name: string) => Promise<MemberClient>
}

type WorkerFixtures = {
  installation: Installation
  /** The HTTP client of the first admin. */
  admin: MemberClient
  /** The owner of all stories of the worker. */
  nora: MemberClient
  /** The id of a member who gets what the owner of a story leaves behind. */
  heirId: string
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  installation: [
    async ({ browserName: _ }, use) => {
      const installation = await startInstallation({
        ADMIN_EMAIL: ADMIN.email,
        ADMIN_PASSWORD: ADMIN.password,
      })
      await use(installation)
      await installation.remove()
    },
    { scope: "worker", timeout: 240_000 },
  ],

  admin: [
    async ({ installation }, use) => {
      const client = await signInClient(installation.url, ADMIN)
      await use(client)
      await client.context.dispose()
    },
    { scope: "worker" },
  ],

  nora: [
    async ({ installation, admin }, use) => {
      const client = await acceptInvite(installation, admin, "Nora North", "nora@example.org")
      await use(client)
      await client.context.dispose()
    },
    { scope: "worker" },
  ],

  heirId: [
    async ({ installation, admin }, use) => {
      const client = await acceptInvite(installation, admin, "Eva Earlier", "eva@example.org")
      const { id } = await (await client.get("/me")).json()
      await client.context.dispose()
      await use(id)
    },
    { scope: "worker" },
  ],

  // With fifty rows a list takes the browser and the app three times as long as without.
  owner: async ({ installation, nora, heirId }, use) => {
    await installation.query(GIVE_ALL, [nora.email, heirId])
    await use(nora)
  },

  allowed: [[], { option: true }],

  confirmed: [
    async ({ installation }, use) => {
      await installation.query("UPDATE session SET confirmed_at = now()")
      await use(undefined)
    },
    { auto: true },
  ],

  watcher: [
    async ({ installation, allowed }, use, testInfo) => {
      const from = installation.lines().length
      const problems: string[] = []
      await use({ problems, watch: (page) => watch(page, problems) })
      const logged = installation.lines(from).filter(isErrorLine)
      const unexpected = [...problems, ...logged].filter(
        (problem) => !allowed.some((pattern) => pattern.test(problem)),
      )
      if (unexpected.length > 0)
        await testInfo.attach("app.log", { body: installation.lines(from).join("\n") })
      expect(unexpected, "no problem is reported").toEqual([])
    },
    { auto: true },
  ],

  browse: async ({ browser, installation, watcher }, use) => {
    const pages: Page[] = []
    await use(async (options = {}) => {
      const context = await browser.newContext({
        baseURL: installation.url,
        ...options,
      })
      const page = await context.newPage()
      watcher.watch(page)
      pages.push(page)
      return page
    })
    for (const page of pages) await page.context().close()
  },

  visitor: async ({ browse }, use) => use(await browse()),
  plainVisitor: async ({ browse }, use) => use(await browse({ javaScriptEnabled: false })),

  stranger: async ({ installation }, use) => {
    const contexts: APIRequestContext[] = []
    await use(async () => {
      const context = await request.newContext({
        baseURL: installation.url,
        userAgent: CHROME,
        maxRedirects: 0,
        extraHTTPHeaders: { Accept: "text/html,*/*;q=0.8", "Sec-Fetch-Dest": "document" },
      })
      contexts.push(context)
      return context
    })
    for (const context of contexts) await context.dispose()
  },

  ownerPage: async ({ browse, owner }, use) =>
    use(await browse({ storageState: await owner.context.storageState() })),
  adminPage: async ({ browse, admin }, use) =>
    use(await browse({ storageState: await admin.context.storageState() })),

  join: async ({ installation, admin }, use) => {
    const clients: MemberClient[] = []
    await use(async (name) => {
      // All stories of a worker join from one address, which is rate-limited after 20 invitations.
      await installation.query("DELETE FROM attempt WHERE purpose IN ('invite', 'sign_in')")
      const email = `${name.toLowerCase().replace(/\W+/g, ".")}.${Date.now()}@example.org`
      const client = await acceptInvite(installation, admin, name, email)
      clients.push(client)
      return client
    })
    for (const client of clients) await client.context.dispose()
  },
})

/** Gives all that a member has to another one, and resets what the member has set. */
const GIVE_ALL = `
  WITH giver AS (SELECT id, used_bytes FROM member WHERE email = $1),
  shares AS (UPDATE share SET owner_id = $2 FROM giver WHERE owner_id = giver.id),
  files AS (UPDATE file SET owner_id = $2 FROM giver WHERE owner_id = giver.id),
  heir AS (UPDATE member SET used_bytes = member.used_bytes + giver.used_bytes
           FROM giver WHERE member.id = $2)
  UPDATE member SET used_bytes = 0, list_sorts = '{}', share_defaults = '{}'
  FROM giver WHERE member.id = giver.id`

async function acceptInvite(
  installation: Installation,
  admin: MemberClient,
  name: string,
  email: string,
) {
  const { url } = await (await admin.post("/admin/users/invites", { email })).json()
  return joinClient(installation.url, url, { name, email, password: ADMIN.password })
}

/**
 * Collects the errors of a page's console and scripts. A document's status of 401, 404, 410 or 429
 * is no error.
 */
function watch(page: Page, problems: string[]) {
  const documents = new Set<string>()
  page.on("request", (sent) => {
    if (sent.isNavigationRequest()) documents.add(sent.url())
  })
  page.on("console", (message) => {
    if (message.type() !== "error") return
    const { url } = message.location()
    if (documents.has(url.replace(/#.*/, "")) && /status of (401|404|410|429)/.test(message.text()))
      return
    problems.push(`console: ${message.text()} (${url})`)
  })
  page.on("pageerror", (error) => problems.push(`page error: ${error.stack ?? error.message}`))
}

function isErrorLine(line: string) {
  if (/^\s*⨯|^\w*Error:|UnhandledPromiseRejection/.test(line)) return true
  try {
    return ["error", "fatal"].includes(JSON.parse(line).level)
  } catch {
    return false
  }
}
