"use client"

import { useTranslations } from "next-intl"
import { useEffect, useId, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { useCall } from "#components/calls/use-call.ts"
import { Radio } from "#components/ui/forms/checkbox.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import type { NewOwner } from "#lib/rooms/accounts/list-new-owners.ts"

type EndDialogProps<Choice, Result> = {
  /** The id of the member whose account ends. */
  id: string
  open: boolean
  onClose: () => void
  title: string
  description: string
  confirmLabel: string
  /** The choices for the files and shares. The first one is selected when the dialog opens. */
  choices: readonly [Choice, ...Choice[]]
  legend?: string
  /** Required for several choices; a single choice is not shown. */
  textOf?: (choice: Choice) => { label: string; hint: string }
  call: (choice: Choice, transferTo: string | undefined) => Promise<Result>
  onDone: (result: Result, choice: Choice) => void
}

/** Confirms the end of an account. Asks for a new owner if its files and shares are transferred. */
export function EndDialog<Choice extends string, Result>({
  id,
  open,
  onClose,
  choices,
  legend,
  textOf,
  call,
  onDone,
  ...dialog
}: EndDialogProps<Choice, Result>) {
  const group = useId()
  const [choice, setChoice] = useState(choices[0])
  const [owner, setOwner] = useState("")

  function close() {
    setChoice(choices[0])
    setOwner("")
    onClose()
  }

  return (
    <ChangeDialog
      {...dialog}
      open={open}
      onClose={close}
      call={() => call(choice, choice === "transfer" && owner ? owner : undefined)}
      onDone={(result) => onDone(result, choice)}
      fields={choice === "transfer" ? ["transferTo"] : []}
    >
      {(errorOf) => (
        <>
          {textOf && (
            <fieldset className="flex flex-col gap-3">
              <legend className="mb-3 text-sm font-medium">{legend}</legend>
              {choices.map((one) => (
                <Radio
                  key={one}
                  name={group}
                  {...textOf(one)}
                  checked={choice === one}
                  onChange={() => setChoice(one)}
                />
              ))}
            </fieldset>
          )}
          {choice === "transfer" && (
            <div className={textOf && "mt-3 ms-7"}>
              <OwnerSelect
                from={id}
                value={owner}
                onChange={setOwner}
                error={errorOf("transferTo")}
              />
            </div>
          )}
        </>
      )}
    </ChangeDialog>
  )
}

type OwnerSelectProps = {
  /** The id of the member whose files and shares are transferred. */
  from: string
  value: string
  onChange: (id: string) => void
  error: string | undefined
}

/** Selects the member who receives the files and shares of another. */
function OwnerSelect({ from, value, onChange, error }: OwnerSelectProps) {
  const t = useTranslations("admin.members")
  const { run, refused } = useCall()
  const [owners, setOwners] = useState<NewOwner[] | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: fetched once, when it is shown
  useEffect(
    () =>
      run(
        () => ask("GET /admin/users/{id}/new-owners", { id: from }),
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
              {one.email === null ? one.name : t("newOwnerOption", { ...one, email: one.email })}
            </option>
          ))}
        </NativeSelect>
      )}
    </Field>
  )
}
