"use client"

import { useTranslations } from "next-intl"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { ChangeButton } from "#components/calls/change-button.tsx"

/** Ends another session of the member. `label` names the session. */
export function EndSession({ id, label }: { id: string; label: string }) {
  const t = useTranslations("accounts.sessions")
  return (
    <ChangeButton variant="quiet" size="sm" aria-label={label} call={() => endSession(id)}>
      {t("end")}
    </ChangeButton>
  )
}

/** Ends a session; one that has ended already counts as success. */
async function endSession(id: string) {
  const answer = await answerOf(ask("DELETE /sessions/{id}", { id }))
  if (answer instanceof ApiError && answer.code !== "not_found") throw answer
}

/** Ends every session of the member except the one of this browser. */
export function EndOtherSessions() {
  const t = useTranslations("accounts.sessions")
  return (
    <ChangeButton variant="quiet" size="sm" call={() => ask("DELETE /sessions", {})}>
      {t("endOthers")}
    </ChangeButton>
  )
}
