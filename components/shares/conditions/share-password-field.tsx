"use client"

import { Eye, EyeOff } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useRef, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Field, Input } from "#components/ui/forms/field.tsx"
import { makePassword } from "./make-password.ts"

type SharePasswordFieldProps = {
  label: string
  hint?: ReactNode
  error?: ReactNode
  required: boolean
}

/** The input of a share's password, with buttons to show it and to generate one. */
export function SharePasswordField({ label, hint, error, required }: SharePasswordFieldProps) {
  const t = useTranslations("member.conditions")
  const input = useRef<HTMLInputElement>(null)
  const [shown, setShown] = useState(false)
  const EyeIcon = shown ? EyeOff : Eye

  function generate() {
    if (!input.current) return
    input.current.value = makePassword()
    // Updates the preview of the page.
    input.current.dispatchEvent(new Event("input", { bubbles: true }))
    setShown(true)
    input.current.focus()
  }

  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <div className="flex gap-2">
          <div className="relative min-w-0 grow">
            <Input
              ref={input}
              name="password"
              {...PASSWORD_INPUT}
              {...control}
              required={required}
              dir="ltr"
              className={classNames("pe-11", !shown && "[-webkit-text-security:disc]")}
            />
            <button
              type="button"
              aria-label={t(shown ? "hideTyped" : "showTyped")}
              title={t(shown ? "hideTyped" : "showTyped")}
              onClick={() => setShown(!shown)}
              className="absolute inset-y-0 end-0 grid w-11 place-items-center rounded-lg text-soft hover:text-ink"
            >
              <EyeIcon aria-hidden size={18} />
            </button>
          </div>
          <Button variant="quiet" className="shrink-0" onClick={generate}>
            {t("generate")}
          </Button>
        </div>
      )}
    </Field>
  )
}

/**
 * Not of the type password: the browser would offer to save it as the member's own password, or
 * would fill that in.
 */
const PASSWORD_INPUT = {
  autoComplete: "off",
  autoCapitalize: "none",
  spellCheck: false,
  minLength: 4,
  maxLength: 200,
} as const
