"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { PASSWORD_INPUT } from "#components/shares/conditions/inputs.tsx"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import type { EditorProps } from "./editor-props.ts"

/** Sets, changes or removes the password of a share. An unsaved password is never kept. */
export function PasswordEditor({ share, id, save, pending, refusal }: EditorProps) {
  const t = useTranslations("member.conditions")
  const words = useTranslations("member.chips")
  const [password, setPassword] = useState("")
  return (
    <form
      method="post"
      id={id}
      className="flex flex-col items-start gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!pending) void save({ password })
      }}
    >
      <Field
        className="w-full"
        label={t(share.hasPassword ? "newPassword" : "password")}
        hint={t("passwordHint")}
        error={refusal?.field === "password" && refusal.message}
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        {...PASSWORD_INPUT}
        required
      />
      {share.hasPassword && (
        <Button variant="quiet" size="sm" onClick={() => void save({ password: null })}>
          {words("takeOffPassword")}
        </Button>
      )}
    </form>
  )
}
