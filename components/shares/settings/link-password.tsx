"use client"

import { useTranslations } from "next-intl"
import { useEffect, useRef, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useCall } from "#components/calls/use-call.ts"
import { SharePasswordField } from "#components/shares/conditions/share-password-field.tsx"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { SavedMark } from "./setting-row.tsx"
import type { Confirm } from "./use-question.tsx"

type LinkPasswordProps = {
  share: ShareView
  /** Whether the settings were to be closed while a password was typed and not set. */
  waits: boolean
  confirm: Confirm
  /** Calls after the changes of the share that are under way. */
  inTurn: <Result>(call: () => Promise<Result>) => Promise<Result>
  onSaved: (share: ShareView) => void
}

/** Sets, changes or removes the password. Each change ends all tickets, so it has a button. */
export function LinkPassword({ share, waits, confirm, inTurn, onSaved }: LinkPasswordProps) {
  const t = useTranslations("member.link")
  const words = useTranslations("member.conditions")
  const row = useRef<HTMLDivElement>(null)
  const [isTyping, setTyping] = useState(false)
  const { run, pending, done, errorOf, refused, reset } = useCall()
  const { id, hasPassword } = share

  const save = (password: string | null) =>
    run(
      () => inTurn(() => ask("PATCH /shares/{id}", { id, body: { password } })),
      (saved) => {
        onSaved(saved)
        setTyping(false)
      },
    )

  // The pressed button disappears with what it opened or closed.
  const firstControl = () => row.current?.querySelector<HTMLElement>("input, button") ?? null
  const focusFirst = () => setTimeout(() => firstControl()?.focus())
  useEffect(() => {
    if (done || refused) row.current?.querySelector<HTMLElement>("input, button")?.focus()
  }, [done, refused])

  const typed = () => row.current?.querySelector<HTMLInputElement>("[name=password]")?.value ?? ""

  return (
    <div ref={row} className="relative border-t border-line py-3.5 sm:pe-28">
      {!isTyping && (
        <div className="grid grid-cols-[8.5rem_minmax(0,1fr)] items-center gap-x-4 gap-y-1">
          <span className="text-sm font-medium">{words("password")}</span>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span>{t(hasPassword ? "on" : "off")}</span>
            <Button
              variant="text"
              size="sm"
              onClick={() => {
                reset()
                setTyping(true)
                focusFirst()
              }}
            >
              {t(hasPassword ? "changePassword" : "setPassword")}
            </Button>
            {hasPassword && (
              <Button
                variant="text"
                size="sm"
                pending={pending}
                onClick={async () => {
                  if (await confirm("password", firstControl)) save(null)
                }}
              >
                {t("removePassword")}
              </Button>
            )}
          </div>
        </div>
      )}
      {isTyping && (
        <fieldset
          className="flex min-w-0 flex-col gap-3"
          onInput={() => refused && reset()}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return
            event.preventDefault()
            save(typed())
          }}
        >
          <SharePasswordField
            label={words(hasPassword ? "newPassword" : "password")}
            hint={t("passwordHint")}
            error={errorOf("password") ?? (waits && t("passwordWaits"))}
            required
          />
          <div className="flex gap-2">
            <Button size="sm" pending={pending} onClick={() => save(typed())}>
              {t("set")}
            </Button>
            <Button
              variant="quiet"
              size="sm"
              onClick={() => {
                reset()
                setTyping(false)
                focusFirst()
              }}
            >
              {t("cancel")}
            </Button>
          </div>
        </fieldset>
      )}
      {refused && !(isTyping && errorOf("password")) && (
        <ActionError className="mt-2">{refused.message}</ActionError>
      )}
      <SavedMark text={done && !isTyping ? t("saved") : ""} />
    </div>
  )
}
