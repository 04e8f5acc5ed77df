import type { Metadata } from "next"
import { cookies } from "next/headers"
import { getTranslations } from "next-intl/server"
import { cache } from "react"
import { Messages } from "#components/messages.tsx"
import { shareName } from "#components/visitor/share-name.ts"
import { VisitorPage } from "#components/visitor/visitor-page.tsx"
import { openLink } from "#lib/claims/open-link.ts"
import { formatBytes } from "#lib/format-bytes.ts"

type Query = Record<string, string | string[] | undefined>
type LinkPageProps = { params: Promise<{ token: string }>; searchParams: Promise<Query> }

// Once for the head and the body of one page.
const readLink = cache(
  async (token: string, error: string | undefined, until: string | undefined) => {
    const jar = await cookies()
    return openLink({ token, cookies: (name) => jar.get(name)?.value, error, until })
  },
)

async function readPage({ params, searchParams }: LinkPageProps) {
  const [{ token }, query] = await Promise.all([params, searchParams])
  const page = await readLink(token, text(query.error), text(query.until))
  const part = Math.max(1, Math.trunc(Number(text(query.part))) || 1)
  return { token, page, part }
}

function text(value: string | string[] | undefined) {
  return typeof value === "string" ? value : undefined
}

/** What a link preview shows. Of a locked share nothing but its sender, of one that is over nothing at all. */
export async function generateMetadata(props: LinkPageProps): Promise<Metadata> {
  const { page } = await readPage(props)
  const t = await getTranslations("visitor")
  const common = { robots: { index: false, follow: false }, referrer: "same-origin" } as const
  const told = (title: string, description: string): Metadata => ({
    ...common,
    title,
    description,
    openGraph: { title, description, siteName: "Lapse", type: "website" },
  })
  switch (page.state) {
    case "open": {
      const { senderName: sender, files, totalBytes } = page
      const count = files.filter(({ status }) => status !== "abandoned").length
      const title = shareName(page) ?? t("preview.locked", { sender })
      const size = formatBytes(totalBytes)
      return told(title, t("preview.openText", { sender, count, size }))
    }
    case "locked":
      return told(t("preview.locked", { sender: page.senderName }), t("preview.lockedText"))
    case "scheduled":
      return told(
        page.title || t("preview.locked", { sender: page.senderName }),
        t("scheduled.title"),
      )
    default:
      return told(t(`${page.state}.title`), t("preview.overText"))
  }
}

export default async function LinkRoute(props: LinkPageProps) {
  const { token, page, part } = await readPage(props)
  return (
    <Messages areas={["common", "visitor"]}>
      <VisitorPage token={token} page={page} part={part} />
    </Messages>
  )
}
