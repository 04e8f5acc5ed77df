import { getTranslations } from "next-intl/server"
import { generateMetadata as notFoundMetadata } from "#app/not-found.tsx"
import { metadataOrOutage, orOutage } from "#app/or-outage.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"
import { findRevocation } from "#lib/shares/revoke/find-revocation.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { adminPage } from "#lib/web/sign-in/current-session.ts"
import { RevocationProgress } from "./revocation-progress.tsx"

type Props = { params: Promise<{ id: string }> }

export const generateMetadata = metadataOrOutage(async () => {
  if (!(await adminPage())) return notFoundMetadata()
  const t = await getTranslations("admin.panic.progress")
  return { title: t("metaTitle") }
})

/** The progress and the result of a revocation that takes longer than its call. */
export default orOutage(async function RevocationPage({ params }: Props) {
  const admin = await adminPage()
  if (!admin) return <NotFoundMessage home="/shares" />
  const { id } = await params
  const revocation = await orNotFound(findRevocation(admin.adminId, id))
  if (!revocation) return <NotFoundMessage home="/admin/panic" />
  return <RevocationProgress initial={revocation} now={admin.now.toISOString()} />
})
