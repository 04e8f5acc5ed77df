"use client"

import { Plus, X } from "lucide-react"
import { useTranslations } from "next-intl"
import { useRef } from "react"
import { Button } from "#components/ui/button.tsx"
import { useTyped, useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import { Field, Input } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import type { RequestFields } from "#lib/rooms/requests/request.ts"
import { type Question, questionsOf } from "./request-of-form.ts"

const MOST = 5

type AskedFieldsProps = {
  fields: RequestFields
  /** The refusal of a field by its path, such as "fields.own.0.label". */
  errorOf: (path: string) => string | undefined
}

/** What a request asks its senders: name, address and up to five questions of the owner. */
export function AskedFields({ fields, errorOf }: AskedFieldsProps) {
  const t = useTranslations("member.requests.form")
  const [kept, keep] = useTyped("own", JSON.stringify(fields.own))
  const list = useRef<HTMLDivElement>(null)
  const questions = questionsOf(kept)
  const set = (next: Question[]) => keep(JSON.stringify(next))
  const change = (at: number, part: Partial<Question>) =>
    set(questions.map((question, index) => (index === at ? { ...question, ...part } : question)))

  function add() {
    set([...questions, { label: "", required: false }])
    // The new input is rendered by then.
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLInputElement>(":scope > :last-of-type input")?.focus(),
    )
  }

  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-3 text-sm font-semibold">{t("asks")}</legend>
      <div className="grid grid-cols-2 gap-4">
        <AskedSelect label={t("name")} name="askName" value={fields.name} />
        <AskedSelect label={t("address")} name="askAddress" value={fields.address} />
      </div>
      <input type="hidden" name="own" value={kept} />
      <div ref={list} className="flex flex-col gap-4 empty:hidden">
        {questions.map(({ label, required }, at) => (
          <Field
            // biome-ignore lint/suspicious/noArrayIndexKey: questions have no other key
            key={at}
            label={t("own", { number: at + 1 })}
            error={errorOf(`fields.own.${at}.label`)}
          >
            {(control) => (
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
                <Input
                  {...control}
                  value={label}
                  onChange={({ currentTarget }) => change(at, { label: currentTarget.value })}
                  required
                  maxLength={80}
                  className="min-w-0 grow basis-40"
                />
                <Checkbox
                  label={t("ownRequired")}
                  aria-label={t("ownRequiredOf", { number: at + 1 })}
                  checked={required}
                  onChange={({ currentTarget }) => change(at, { required: currentTarget.checked })}
                />
                <button
                  type="button"
                  aria-label={t("removeOwn", { number: at + 1 })}
                  title={t("removeOwn", { number: at + 1 })}
                  onClick={() => set(questions.filter((_question, index) => index !== at))}
                  className="grid size-11 place-items-center rounded-lg text-soft hover:bg-selected hover:text-ink"
                >
                  <X aria-hidden size={18} />
                </button>
              </div>
            )}
          </Field>
        ))}
      </div>
      {errorOf("fields.own") && (
        <p role="alert" className="text-sm text-danger">
          {errorOf("fields.own")}
        </p>
      )}
      {questions.length < MOST && (
        <Button variant="quiet" size="sm" className="self-start" onClick={add}>
          <Plus aria-hidden size={16} />
          {t("addOwn")}
        </Button>
      )}
    </fieldset>
  )
}

type AskedSelectProps = { label: string; name: string; value: RequestFields["name"] }

function AskedSelect({ label, name, value }: AskedSelectProps) {
  const t = useTranslations("member.requests.form")
  const typed = useTypedText(name, value)
  return (
    <Field label={label}>
      {(control) => (
        <NativeSelect {...control} {...typed}>
          {(["no", "optional", "required"] as const).map((asked) => (
            <option key={asked} value={asked}>
              {t(`asked.${asked}`)}
            </option>
          ))}
        </NativeSelect>
      )}
    </Field>
  )
}
