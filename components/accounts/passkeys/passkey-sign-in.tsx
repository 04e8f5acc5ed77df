"use client"

import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser"
import { useTranslations } from "next-intl"
import { useEffect, useEffectEvent, useState } from "react"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { postForm, postForOptions } from "#components/calls/post-form.ts"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { askPasskey, hasPasskeySuggestions, hasPasskeySupport } from "./ask-passkey.ts"

type PasskeySignInProps = {
  /** The path to open afterwards. */
  next: string
  /** Called when the member is signed in; without it the page opens the path. */
  onSignedIn?: () => void
  /** Whether passkeys are offered in the suggestions of the page's email field. */
  suggests?: boolean
}

/** A challenge ends after ten minutes; a page that stays open requests another one before. */
const ASK_AGAIN_MS = 9 * 60_000

const options = () => postForOptions<PublicKeyCredentialRequestOptionsJSON>("/auth/passkey/options")

/** Signs in with a passkey: by a button, and by the email field. Empty without passkeys. */
export function PasskeySignIn({ next, onSignedIn, suggests = false }: PasskeySignInProps) {
  const t = useTranslations("common.passkey")
  const common = useTranslations("common")
  const [isOffered, setOffered] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function signIn(from: { suggests: boolean }) {
    const answer = await answerOf(
      (async () => {
        const passkey = await askPasskey(await options(), from)
        if (!passkey) return null
        const fields = { answer: JSON.stringify(passkey), callbackUrl: next }
        return postForm("/api/auth/callback/passkey", fields)
      })(),
    )
    if (answer instanceof ApiError) setProblem(answer.message || common("noAnswer"))
    else if (answer !== null && onSignedIn) onSignedIn()
    else if (answer !== null) location.assign(answer)
  }

  async function press() {
    setAsking(true)
    setProblem(null)
    await signIn({ suggests: false }).catch(() => setProblem(t("failed")))
    setAsking(false)
  }

  // If this fails, there are no suggestions; the button shows the reason.
  const suggest = useEffectEvent(() => void signIn({ suggests: true }).catch(() => {}))
  useEffect(() => {
    setOffered(hasPasskeySupport())
    if (!suggests) return
    let timer: ReturnType<typeof setInterval> | undefined
    let isGone = false
    void hasPasskeySuggestions().then((has) => {
      if (!has || isGone) return
      suggest()
      timer = setInterval(suggest, ASK_AGAIN_MS)
    })
    return () => {
      isGone = true
      clearInterval(timer)
    }
  }, [suggests])

  if (!isOffered) return null
  return (
    <div className="flex flex-col gap-2.5">
      <Button variant="quiet" wide pending={isAsking} onClick={press}>
        {t("signIn")}
      </Button>
      {problem && <ActionError>{problem}</ActionError>}
    </div>
  )
}
