"use client"

import { useTranslations } from "next-intl"
import { Button } from "#components/ui/button.tsx"
import { namesOfList } from "#lib/rooms/accounts/invites/addresses-of-list.ts"
import type { InvitePreview as Preview } from "#lib/rooms/accounts/invites/invite.ts"

const WORDS = {
  new: "previewNew",
  again: "previewAgain",
  member: "previewMember",
  invalid: "previewInvalid",
} as const

/** The addresses of a list that would be invited. */
export const invited = (preview: Preview[]) =>
  preview
    .filter(({ outcome }) => outcome === "new" || outcome === "again")
    .map(({ email }) => email)

type InvitePreviewProps = {
  /** The addresses of the list with their names. */
  people: string[]
  preview: Preview[]
  /** Whether the links are mailed. */
  mailed: boolean
  pending: boolean
  onBack: () => void
  onConfirm: () => void
}

/** Previews the result of inviting a pasted list, for each address. */
export function InvitePreview(props: InvitePreviewProps) {
  const { people, preview, mailed, pending, onBack, onConfirm } = props
  const t = useTranslations("admin.members")
  const count = invited(preview).length
  const names = namesOfList(people.join("\n"))
  return (
    <>
      <ul className="border-b border-line">
        {preview.map(({ email, outcome, problem }) => (
          <li key={email} className="border-t border-line py-2.5">
            <p className="wrap-anywhere">
              {names.has(email) && (
                <>
                  <bdi>{names.get(email)}</bdi> ·{" "}
                </>
              )}
              {email}
            </p>
            <p className={outcome === "invalid" ? "text-sm text-danger" : "text-sm text-soft"}>
              {t(WORDS[outcome])}
            </p>
            {problem !== null && <p className="text-sm text-soft">{problem}</p>}
          </li>
        ))}
      </ul>
      <div className="mt-5 flex flex-wrap justify-end gap-3">
        <Button variant="quiet" onClick={onBack} className="max-sm:w-full">
          {t("previewBack")}
        </Button>
        <Button
          pending={pending}
          disabled={count === 0}
          onClick={onConfirm}
          className="max-sm:w-full"
        >
          {t(mailed ? "previewSend" : "previewCreate", { count })}
        </Button>
      </div>
    </>
  )
}
