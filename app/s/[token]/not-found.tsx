import type { Metadata } from "next"
import { getTranslations } from "next-intl/server"
import { UnknownLink } from "#components/visitor/unknown-link.tsx"

/** Next takes the head from here when an answer is a 404, whatever page draws the body. */
export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("visitor.unknown")
  const title = t("title")
  return { title, openGraph: { title, siteName: "Lapse", type: "website" } }
}

export default function NotFound() {
  return <UnknownLink />
}
