"use client"

import { useTranslations } from "next-intl"
import { TokenList } from "#components/accounts/tokens/token-list.tsx"
import { ask } from "#components/calls/ask.ts"
import { ConfirmedButton } from "#components/calls/confirmed-button.tsx"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import type { TokenView } from "#lib/rooms/accounts/tokens/token.ts"

type MemberTokensProps = {
  member: Pick<MemberView, "id" | "name">
  tokens: TokenView[]
  now: string
  readOnly: boolean
}

/** A member's API tokens, which an admin can revoke. */
export function MemberTokens({ member: { id, name }, tokens, now, readOnly }: MemberTokensProps) {
  const t = useTranslations("admin.members.tokens")
  if (tokens.length === 0) return <p className="text-soft">{t("none")}</p>
  return (
    <div className="flex flex-col items-start gap-4">
      <TokenList tokens={tokens} now={now} />
      {!readOnly && (
        <ConfirmedButton
          button={{ variant: "quiet", children: t("revoke") }}
          title={t("revokeTitle", { name })}
          description={t("revokeText")}
          confirmLabel={t("revoke")}
          call={() => ask("DELETE /admin/users/{id}/tokens", { id })}
        />
      )}
    </div>
  )
}
