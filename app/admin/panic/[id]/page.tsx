import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { findRevocation } from "#lib/rooms/shares/revoke/find-revocation.ts"
import { RevocationProgress } from "./revocation-progress.tsx"

type Props = { params: Promise<{ id: string }> }

export const generateMetadata = titledForAdmin("admin.panic.progress.metaTitle")

/** The progress and the result of a revocation that takes longer than its call. */
export default pageOfAdmin(async function RevocationPage(admin, { params }: Props) {
  const { id } = await params
  const revocation = await findRevocation(admin.adminId, id)
  return <RevocationProgress initial={revocation} now={admin.now.toISOString()} />
}, "/admin/panic")
