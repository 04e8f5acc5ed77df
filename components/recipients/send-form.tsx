"use client"

import { useLocale, useTranslations } from "next-intl"
import { useEffect, useRef, useState } from "react"
import { reasonOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { formText, numberOf, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { LIMIT_INPUT } from "#components/shares/conditions/inputs.tsx"
import { useTyped, useTypedIsSaved, useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Disclosure } from "#components/ui/disclosure.tsx"
import { Field, Textarea } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { LANGUAGES, LOCALES } from "#lib/adapters/text/languages.ts"
import type { AnswerOf } from "#lib/api/ask-by.ts"
import { peopleOfList } from "#lib/rooms/accounts/invites/addresses-of-list.ts"
import type { LinkView } from "#lib/rooms/shares/links/link.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { CodeSwitch } from "./code-switch.tsx"
import { KnownRecipients } from "./known-recipients.tsx"

/** The share or request whose links are sent. */
export type Sent = { id: string; kind: ShareKind; hasPassword: boolean }

type Answers = AnswerOf<"POST /shares/{id}/links/batch">["items"]

type SendFormProps = {
  id: string
  of: Sent
  settings: Pick<PageSettings, "mail" | "verifiedOnly">
  onPending: (pending: boolean) => void
  /** Called when nobody was refused. */
  onSent: (made: LinkView[]) => void
}

/**
 * The form that adds recipients. Those who are refused stay in it, each with the reason; the others
 * have their links.
 */
export function SendForm({ id, of, settings, onPending, onSent }: SendFormProps) {
  const t = useTranslations("member.recipients")
  const locale = useLocale()
  const { run, pending, refused, errorOf, reset } = useChange()
  const typedIsSaved = useTypedIsSaved()
  const field = useRef<HTMLTextAreaElement>(null)
  const [people, setPeople] = useTyped("recipients", "")
  const message = useTypedText("message", "")
  const language = useTypedText("language", "")
  const limit = useTypedText("maxDownloads", "")
  /** The links that were made so far, and who was refused at the last try. */
  const [made, setMade] = useState<LinkView[]>([])
  const [problems, setProblems] = useState<{ typed: string; why: string }[]>([])
  useEffect(() => onPending(pending), [pending, onPending])

  function send(form: FormData) {
    const typed = peopleOfList(people)
    const verify = form.has("verify")
    setProblems([])
    run(
      () =>
        ask(`POST /${of.kind}s/{id}/links/batch`, {
          id: of.id,
          body: {
            recipients: typed,
            ...(verify && { verify }),
            maxDownloads: numberOf(form, "maxDownloads"),
            language: LOCALES.find((each) => each === formText(form, "language")),
            message: formText(form, "message"),
          },
        }),
      ({ items }) => settle(typed, items),
    )
  }

  function settle(typed: string[], items: Answers) {
    const all = [...made, ...items.flatMap((item) => ("link" in item ? [item.link] : []))]
    const failed = items.flatMap((item, place) =>
      "problem" in item ? [{ typed: typed[place] ?? "", why: reasonOf(item.problem) }] : [],
    )
    setMade(all)
    setProblems(failed)
    setPeople(failed.map((each) => each.typed).join("\n"))
    if (failed.length > 0) return field.current?.focus()
    typedIsSaved()
    onSent(all)
  }

  const fieldError = errorOf("recipients") ?? errorOf("recipient")
  return (
    <form method="post" id={id} onSubmit={onSubmit(send)} className="flex flex-col gap-5">
      {refused && !fieldError && refused.field !== "maxDownloads" && (
        <Notice tone="danger">{refused.message}</Notice>
      )}
      {made.length > 0 && problems.length > 0 && (
        <Notice>{t("someDone", { count: made.length, mail: settings.mail ? "yes" : "no" })}</Notice>
      )}
      <div>
        <Field
          label={t("to")}
          hint={t(settings.mail ? "toHint" : "toHintByHand")}
          error={
            fieldError ??
            (problems.length > 0 &&
              problems.map(({ typed, why }) => (
                <span key={typed} className="block wrap-anywhere">
                  {!why.includes(typed) && (
                    <>
                      <bdi>{typed}</bdi>:{" "}
                    </>
                  )}
                  {why}
                </span>
              )))
          }
        >
          {(control) => (
            <Textarea
              {...control}
              ref={field}
              name="recipients"
              value={people}
              onChange={({ currentTarget }) => {
                reset()
                setPeople(currentTarget.value)
              }}
              rows={3}
              required
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
        <KnownRecipients
          typed={people}
          onAdd={(next) => {
            setPeople(next)
            field.current?.focus()
          }}
        />
      </div>
      {settings.mail && (
        <Field label={t("message")} aside={t("optional")} error={errorOf("message")}>
          {(control) => <Textarea {...control} {...message} rows={2} maxLength={4_000} />}
        </Field>
      )}
      {settings.mail && <CodeSwitch on={settings.verifiedOnly} required={settings.verifiedOnly} />}
      <Disclosure
        summary={t("more")}
        open={
          limit.defaultValue !== "" ||
          language.defaultValue !== "" ||
          refused?.field === "maxDownloads"
        }
      >
        <div className="flex flex-col gap-5 pt-1">
          {of.kind === "share" && (
            <Field
              label={t("limit")}
              aside={t("optional")}
              hint={t("limitHint")}
              error={errorOf("maxDownloads")}
              {...limit}
              {...LIMIT_INPUT}
            />
          )}
          <Field label={t("language")}>
            {(control) => (
              <NativeSelect {...control} {...language}>
                <option value="">{t("languageYours")}</option>
                {LOCALES.map((each) => (
                  <option key={each} value={each} lang={each === locale ? undefined : each}>
                    {LANGUAGES[each]}
                  </option>
                ))}
              </NativeSelect>
            )}
          </Field>
        </div>
      </Disclosure>
      {of.hasPassword && <p className="text-sm text-soft">{t("passwordApart")}</p>}
    </form>
  )
}
