"use client"

import { useTranslations } from "next-intl"
import type { ComponentProps, ReactNode } from "react"
import { useTypedBox } from "#components/ui/dialogs/typed-fields.ts"
import { Switch } from "#components/ui/forms/checkbox.tsx"

/** A condition that is on or off. Its children, such as its value, are shown below it. */
export function Option({ children, ...choice }: ComponentProps<typeof Switch>) {
  return (
    <div className="py-3.5">
      <Switch {...choice} />
      {children && <div className="mt-3 ps-12.5">{children}</div>}
    </div>
  )
}

type AllowedOptionProps = {
  name: "direct" | "notices"
  on: boolean
  allowed: boolean
  /** The hint where it is allowed, in place of the one for shares. */
  hint?: string
  children?: ReactNode
}

/** Direct URLs of the files, or mail notices. If not allowed, the share keeps its value. */
export function AllowedOption({ name, on, allowed, hint, children }: AllowedOptionProps) {
  const t = useTranslations("member.conditions")
  const off = name === "direct" ? "offForAll" : "noMail"
  return (
    <>
      {on && !allowed && <input type="hidden" name={name} value="on" />}
      <Option
        label={t(name)}
        hint={allowed && hint ? hint : t(allowed ? `${name}Hint` : off)}
        {...useTypedBox(name, on && allowed)}
        disabled={!allowed}
      >
        {children}
      </Option>
    </>
  )
}
