"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { TokenList } from "#components/accounts/tokens/token-list.tsx"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { Button } from "#components/ui/button.tsx"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import type { TokenView } from "#lib/rooms/accounts/tokens/token.ts"

type MemberTokensProps = {
  member: Pick<MemberView, "id" | "name">
  tokens: TokenView[]
  now: string
}

/** A member's API tokens, which an admin can revoke. */
export function MemberTokens({ member: { id, name }, tokens, now }: MemberTokensProps) {
  const t = useTranslations("admin.members.tokens")
  const [asks, setAsks] = useState(false)
  if (tokens.length === 0) return <p className="text-soft">{t("none")}</p>
  return (
    <div className="flex flex-col items-start gap-4">
      <TokenList tokens={tokens} now={now} />
      <Button variant="quiet" onClick={() => setAsks(true)}>
        {t("revoke")}
      </Button>
      <ChangeDialog
        open={asks}
        onClose={() => setAsks(false)}
        title={t("revokeTitle", { name })}
        description={t("revokeText")}
        confirmLabel={t("revoke")}
        call={() => ask("DELETE /admin/users/{id}/tokens", { id })}
      />
    </div>
  )
}
