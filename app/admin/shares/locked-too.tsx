import { useTranslations } from "next-intl"
import type { RevokeSharesResult } from "#lib/rooms/shares/share.ts"

type LockedTooProps = {
  counted: Pick<RevokeSharesResult, "count" | "open" | "revokedByOwner">
}

/** List items about the shares that a revocation affects besides the open ones. */
export function LockedToo({ counted: { count, open, revokedByOwner } }: LockedTooProps) {
  const t = useTranslations("admin.panic")
  const over = count - open - revokedByOwner
  return (
    <>
      {over > 0 && <li>{t("over", { count: over, more: open > 0 ? "yes" : "no" })}</li>}
      {revokedByOwner > 0 && (
        <li>{t("byOwners", { count: revokedByOwner, more: open > 0 ? "yes" : "no" })}</li>
      )}
    </>
  )
}
