"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useCall, useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { useTypedFlag, useTypedIsSaved, useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Switch } from "#components/ui/forms/checkbox.tsx"
import { Field, Textarea } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { BodyOf } from "#lib/api/ask-by.ts"
import {
  addressesOfList,
  addressOf,
  peopleOfList,
} from "#lib/rooms/accounts/invites/addresses-of-list.ts"
import type { MadeInvite, InvitePreview as Preview } from "#lib/rooms/accounts/invites/invite.ts"
import { InvitePreview, invited } from "./invite-preview.tsx"
import { quotaBytes } from "./quota-bytes.ts"

/** Matches the field of a single address, or of one address in a list. */
const EMAIL = /^email(s(\.\d+)?)?$/

/** A pasted list, the preview of inviting it, and the invitations to create. */
type Listed = { people: string[]; preview: Preview[]; asked: Asked }

/** The invitation to create for each address of a list. */
type Asked = {
  role: "member" | "admin"
  quotaBytes: number | null
  mail: boolean
  teams: string[]
}

export type InviteFormProps = {
  /** Whether this installation can send mail. */
  mail: boolean
  /** Whether an invitation works only with an address. */
  needsAddress: boolean
  teams: readonly { id: string; name: string }[]
  onMade: (made: MadeInvite[]) => void
  /** Called with the number of people to invite while a list is previewed, and with null after. */
  onPreview: (count: number | null) => void
}

/**
 * Invites one person by an address, anyone by a link without one where that is allowed, or the
 * people of a pasted list, for which it first shows what will happen.
 */
export function InviteForm({ mail, needsAddress, teams, onMade, onPreview }: InviteFormProps) {
  const t = useTranslations("admin.members")
  const { run, pending, refused, reset } = useChange()
  const look = useCall()
  const typedIsSaved = useTypedIsSaved()
  const emails = useTypedText("emails", "")
  const role = useTypedText("role", "member")
  const quota = useTypedText("quotaGb", "")
  const team = useTypedText("team", "")
  const [mails, setMails] = useTypedFlag("mail", true)
  const [count, setCount] = useState(() => addressesOfList(emails.defaultValue ?? "").length)
  const [listed, setListed] = useState<Listed | null>(null)

  function preview(next: Listed | null) {
    setListed(next)
    onPreview(next && invited(next.preview).length)
  }
  const invite = (body: BodyOf<"POST /admin/users/invites">) =>
    run(
      () => ask("POST /admin/users/invites", { body }),
      (made) => {
        typedIsSaved()
        onMade("items" in made ? made.items : [made])
      },
    )
  function submit(form: FormData) {
    const people = peopleOfList(formText(form, "emails") ?? "")
    const [only] = people
    const asked = askedOf(form)
    if (people.length > 1) {
      reset()
      look.run(
        () => ask("POST /admin/users/invites/preview", { body: { emails: people } }),
        ({ items }) => preview({ people, preview: items, asked }),
      )
    } else if (only === undefined) {
      invite({ ...asked, mail: false })
    } else invite({ emails: [only], ...asked })
  }
  function confirm({ people, preview, asked }: Listed) {
    const wanted = invited(preview)
    invite({ emails: people.filter((each) => wanted.includes(addressOf(each))), ...asked })
  }

  const problem = refused ?? look.refused
  const submitWords =
    count > 1 ? "inviteContinue" : count === 1 && mail && mails ? "inviteSend" : "inviteSubmit"
  const isOfEmail = EMAIL.test(problem?.field ?? "")
  return (
    <>
      {problem && (!isOfEmail || listed) && (
        <Notice tone="danger" className="mb-5">
          {problem.message}
        </Notice>
      )}
      {listed && (
        <InvitePreview
          people={listed.people}
          preview={listed.preview}
          mailed={listed.asked.mail}
          pending={pending}
          onBack={() => {
            reset()
            preview(null)
          }}
          onConfirm={() => confirm(listed)}
        />
      )}
      {/* The form stays, so that typed input is still there after going back. */}
      <form
        method="post"
        hidden={listed !== null}
        onSubmit={onSubmit(submit)}
        className={listed ? "hidden" : "flex flex-col gap-5"}
      >
        <Field
          label={t("inviteEmail")}
          aside={needsAddress ? undefined : t("optional")}
          hint={t(needsAddress ? "inviteEmailHintNeeded" : "inviteEmailHint")}
          error={isOfEmail && problem?.message}
        >
          {(control) => (
            <Textarea
              {...control}
              {...emails}
              onChange={(event) => {
                emails.onChange(event)
                setCount(addressesOfList(event.currentTarget.value).length)
              }}
              rows={2}
              required={needsAddress}
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
        {mail ? (
          <Switch
            label={t("inviteMail")}
            hint={t("inviteMailHint")}
            name="mail"
            checked={mails}
            onChange={(event) => setMails(event.currentTarget.checked)}
          />
        ) : (
          <p className="text-sm text-soft">{t("inviteNoMail")}</p>
        )}
        <Field label={t("inviteRole")}>
          {(control) => (
            <NativeSelect {...control} {...role}>
              <option value="member">{t("roleMember")}</option>
              <option value="admin">{t("roleAdmin")}</option>
            </NativeSelect>
          )}
        </Field>
        {teams.length > 0 && (
          <Field label={t("inviteTeam")} aside={t("optional")}>
            {(control) => (
              <NativeSelect {...control} {...team}>
                <option value="">{t("inviteNoTeam")}</option>
                {teams.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </NativeSelect>
            )}
          </Field>
        )}
        <Field
          label={t("inviteQuota")}
          aside={t("optional")}
          hint={t("inviteQuotaHint")}
          {...quota}
          inputMode="decimal"
          autoComplete="off"
          error={problem?.field === "quotaBytes" && problem.message}
        />
        <div className="flex flex-wrap justify-end gap-3">
          <Button type="submit" pending={pending || look.pending} className="max-sm:w-full">
            {t(submitWords)}
          </Button>
        </div>
      </form>
    </>
  )
}

const askedOf = (form: FormData): Asked => ({
  role: formText(form, "role") === "admin" ? "admin" : "member",
  quotaBytes: quotaBytes(form),
  mail: form.has("mail"),
  teams: [formText(form, "team") ?? ""].filter(Boolean),
})
