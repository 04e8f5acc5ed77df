"use client"

import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { api } from "#components/api.ts"
import { useCall } from "#components/calls/use-call.ts"
import { Field } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import type { NewOwner } from "#lib/accounts/list-new-owners.ts"

type OwnerSelectProps = {
  /** The id of the member whose files and shares are transferred. */
  from: string
  value: string
  onChange: (id: string) => void
  error: string | undefined
}

/** Selects the member who receives the files and shares of another. */
export function OwnerSelect({ from, value, onChange, error }: OwnerSelectProps) {
  const t = useTranslations("admin.members")
  const { run, refused } = useCall()
  const [owners, setOwners] = useState<NewOwner[] | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: fetched once, when it is shown
  useEffect(
    () =>
      run(
        () => api.admin.users.newOwners(from),
        ({ items }) => setOwners(items),
      ),
    [from],
  )

  return (
    <Field label={t("newOwner")} error={error ?? refused?.message}>
      {(control) => (
        <NativeSelect
          {...control}
          value={value}
          disabled={owners === null}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          <option value="">{t("newOwnerChoose")}</option>
          {owners?.map((one) => (
            <option key={one.id} value={one.id}>
              {t("newOwnerOption", one)}
            </option>
          ))}
        </NativeSelect>
      )}
    </Field>
  )
}
