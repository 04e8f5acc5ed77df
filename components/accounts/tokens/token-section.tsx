"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { Scope, TokenView } from "#lib/rooms/accounts/tokens/token.ts"
import { TokenList } from "./token-list.tsx"

const dialog = onDemand(() => import("./new-token.tsx"))

type TokenSectionProps = {
  tokens: TokenView[]
  /** The scopes that the member may give a token. */
  scopes: readonly Scope[]
  /** Whether they are those of a team, and the member manages it. */
  ofTeam?: boolean
  offersService?: boolean
  now: string
}

/** The API tokens of a member or a team, with controls to create and revoke them. */
export function TokenSection(props: TokenSectionProps) {
  const { tokens, scopes, ofTeam = false, offersService = false, now } = props
  const t = useTranslations("accounts.tokens")
  const [adds, setAdds] = useState(false)
  const { part, loading } = useShownPart(dialog, adds, () => setAdds(false))
  return (
    <>
      {tokens.length > 0 && <TokenList tokens={tokens} ofTeam={ofTeam} now={now} revocable />}
      <div className="flex flex-wrap items-center gap-4">
        <Button variant="quiet" size="sm" aria-haspopup="dialog" onClick={() => setAdds(true)}>
          {t("add")}
        </Button>
        <a href="/api" className="text-sm text-accent underline">
          {t("calls")}
        </a>
      </div>
      {part ? (
        <part.NewToken
          open={adds}
          onClose={() => setAdds(false)}
          scopes={scopes}
          offersService={offersService}
          now={now}
        />
      ) : (
        loading
      )}
    </>
  )
}
