import { ArrowLeft } from "lucide-react"
import type { Metadata } from "next"
import Link from "next/link"
import { getTranslations } from "next-intl/server"
import { cache } from "react"
import { ShareDetail } from "#components/shares/share-detail.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { requireShare } from "#lib/shares/require-share.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { memberPage } from "#lib/web/session.ts"
import { shareSettings } from "#lib/web/share-settings.ts"
import { shareActions } from "../share-actions.ts"

type Props = { params: Promise<{ id: string }> }

// For the title and for the page.
const findShare = cache(async (id: string) => {
  const member = await memberPage()
  return orNotFound(requireShare(member.id, id))
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("member.shares")
  return { title: shareName(await findShare((await params).id), t) }
}

export default async function SharePage({ params }: Props) {
  const share = await findShare((await params).id)
  const t = await getTranslations("member.share")
  return (
    <>
      <Link
        href="/shares"
        prefetch={false}
        className="mb-6 inline-flex items-center gap-1.5 rounded-md py-1 text-sm text-soft hover:text-ink"
      >
        <ArrowLeft aria-hidden size={16} />
        {t("back")}
      </Link>
      <ShareDetail
        share={share}
        now={new Date().toISOString()}
        actions={shareActions}
        settings={shareSettings()}
      >
        {null}
      </ShareDetail>
    </>
  )
}
