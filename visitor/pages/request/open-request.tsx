import { LinkedText } from "#components/linked-text.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { CONTROL } from "#components/ui/forms/control-class.ts"
import { listFormat } from "#lib/adapters/text/intl-formatters.ts"
import { typesText } from "#lib/adapters/text/types-text.ts"
import type { RequestPage } from "#lib/rooms/requests/guest/request-page.ts"
import { LinkHeading } from "#visitor/pages/link/link-heading.tsx"
import { Expiry } from "#visitor/pages/link/time-row.tsx"
import { siteName, usePage, useWords } from "#visitor/pages/page-context.ts"
import { VisitorFrame } from "#visitor/pages/visitor-frame.tsx"
import { Sentence } from "#visitor/pages/visitor-message.tsx"

/** The page of an open request: the requested files, and how to send them. */
export function OpenRequest({ page, origin }: { page: RequestPage; origin: string }) {
  const { t } = useWords()
  const { address } = usePage()
  const { senderName: sender, title, message, delivery } = page
  return (
    <VisitorFrame foot={t("visitor.request.foot", { site: siteName() })} layout="request">
      <Expiry link={page} />
      <div className="heading">
        <LinkHeading sender={sender} name={title} />
        {message && (
          <p dir="auto" className="mt-3 max-w-[60ch] whitespace-pre-line wrap-anywhere">
            <LinkedText text={message} />
          </p>
        )}
      </div>
      <Limits page={page} />
      {delivery === "done" ? (
        <p className="mt-6.5">
          <a href={`${address}/receipt`} className={buttonClass({ variant: "quiet" })}>
            {t("visitor.request.receipt")}
          </a>
        </p>
      ) : (
        <>
          <Chooser types={page.types} hidden={isFull(page) && delivery === "none"} />
          <div data-sent className="not-empty:mt-6.5 not-empty:mb-8" />
          <Finish page={page} />
          <Recipe url={`${origin}${address}`} />
        </>
      )}
    </VisitorFrame>
  )
}

const isFull = ({ filesLeft, bytesLeft }: RequestPage) => filesLeft === 0 || bytesLeft === 0

/** The limits of the request, which a script keeps current, and the answers that its guests have to give at the end. */
function Limits({ page }: { page: RequestPage }) {
  const { t, bytes, locale } = useWords()
  const { filesLeft, bytesLeft, returning, maxFileBytes, types, fields } = page
  const questions = fields.own.filter(({ required }) => required).length
  const required = [
    fields.name === "required" && t("visitor.request.askedName"),
    fields.address === "required" && t("visitor.request.askedAddress"),
    questions > 0 && t("visitor.request.askedQuestions", { count: questions }),
  ].filter((asked) => asked !== false)
  const named = typesText(types, (values) => t("common.fileType", values), locale)
  return (
    <div
      data-live="limits"
      {...(isFull(page) && { "data-full": "" })}
      className="mt-3 space-y-1 text-sm text-soft wrap-anywhere"
    >
      <p>
        {isFull(page)
          ? t("visitor.request.full")
          : t("visitor.request.takes", { count: filesLeft, size: bytes(bytesLeft) })}
        {returning.bytes > 0 &&
          ` ${t("visitor.request.returning", {
            size: bytes(returning.bytes),
            minutes: returning.minutes,
          })}`}
        {maxFileBytes !== null && ` ${t("visitor.request.each", { size: bytes(maxFileBytes) })}`}
        {types.length > 0 && ` ${t("visitor.request.types", { types: named })}`}
      </p>
      {required.length > 0 && (
        <p>{t("visitor.request.required", { fields: listFormat(locale).format(required) })}</p>
      )}
    </div>
  )
}

type ChooserProps = { types: string[]; hidden: boolean }

/** A label is the button of its input, which a keyboard reaches. */
function Chooser({ types, hidden }: ChooserProps) {
  const { t } = useWords()
  const input = { type: "file", multiple: true, className: "sr-only" } as const
  return (
    <div
      data-drop
      hidden={hidden}
      className="group needs-script mt-6.5 rounded-xl border border-edge p-5 data-sending:bg-raised sm:pointer-fine:not-data-sending:border-dashed max-sm:not-data-sending:border-0 max-sm:not-data-sending:p-0"
    >
      <div data-choose className="group-data-sending:mt-3">
        <div className="flex flex-wrap gap-3">
          <label
            className={`${buttonClass()} max-sm:w-full pointer-coarse:w-full ${MORE} focus-within:outline-2`}
          >
            <span className="group-data-sending:hidden">{t("visitor.request.choose")}</span>
            <span className="group-not-data-sending:hidden">{t("visitor.request.add")}</span>
            <input
              {...input}
              data-files
              accept={types.map((type) => (type.includes("/") ? type : `.${type}`)).join()}
            />
          </label>
          <label
            className={`${buttonClass({ variant: "quiet" })} ${MORE} focus-within:outline-2 max-sm:hidden pointer-coarse:hidden`}
          >
            <span className="group-data-sending:hidden">{t("visitor.request.chooseFolder")}</span>
            <span className="group-not-data-sending:hidden">{t("visitor.request.addFolder")}</span>
            <input {...input} data-folder />
          </label>
        </div>
        <p className="mt-3 text-sm text-soft group-data-sending:hidden max-sm:hidden pointer-coarse:hidden">
          {t("visitor.request.drop")}
        </p>
      </div>
    </div>
  )
}

/** While files are sent, the buttons that add some are quiet. */
const MORE =
  "group-data-sending:w-auto group-data-sending:border group-data-sending:border-edge group-data-sending:bg-transparent group-data-sending:text-ink"

/** The end of the delivery, which a script shows once there is a file to send. */
function Finish({ page }: { page: RequestPage }) {
  const { t } = useWords()
  const { fields, recipient, mailsReceipt, senderName: sender } = page
  // The button stays in sight, above the list. It would not if the form had a box.
  return (
    <form data-done hidden className="contents space-y-4 *:col-span-full">
      {fields.name !== "no" && (
        <Field
          name="name"
          label={t("visitor.request.name")}
          required={fields.name === "required"}
          value={recipient}
        />
      )}
      {fields.address !== "no" && (
        <Field
          name="address"
          type="email"
          label={t("visitor.request.address")}
          required={fields.address === "required"}
          hint={mailsReceipt ? t("visitor.request.mailed") : null}
        />
      )}
      {fields.own.map(({ label, required }) => (
        <Field key={label} name={`own ${label}`} label={label} required={required} />
      ))}
      <p className="text-sm text-soft">{t("visitor.request.doneText", { sender })}</p>
      <div className="sticky bottom-0 -mx-5.5 border-t border-line bg-paper px-5.5 py-3">
        <p data-problem role="alert" className="text-sm text-danger not-empty:mb-3" />
        <button type="submit" className={buttonClass({ wide: true })} />
      </div>
    </form>
  )
}

type FieldProps = {
  name: string
  label: string
  required: boolean
  value?: string
  type?: "text" | "email"
  hint?: string | null
}

function Field({ name, label, required, value, type = "text", hint = null }: FieldProps) {
  const { t } = useWords()
  const hintId = hint === null ? undefined : `${name}-hint`
  const field = (
    <label className="flex flex-col gap-1.5 text-sm font-medium">
      <span>
        <bdi>{label}</bdi>{" "}
        {!required && <span className="font-normal text-soft">({t("visitor.ask.optional")})</span>}
      </span>
      <input
        name={name}
        type={type}
        defaultValue={value || undefined}
        required={required}
        maxLength={type === "email" ? 254 : 2_000}
        aria-describedby={hintId}
        className={`${CONTROL} h-11 text-base font-normal`}
      />
    </label>
  )
  if (hint === null) return field
  return (
    <div>
      {field}
      <p id={hintId} className="mt-1.5 text-sm text-soft">
        {hint}
      </p>
    </div>
  )
}

/** How to send a file without JavaScript. */
function Recipe({ url }: { url: string }) {
  const { t } = useWords()
  return (
    <div className="needs-no-script mt-6.5">
      <Sentence>{t("visitor.request.noScript")}</Sentence>
      <details className="mt-3">
        <summary className="w-fit cursor-pointer py-2 text-sm font-semibold">
          {t("visitor.request.curl")}
        </summary>
        <pre
          dir="ltr"
          className="mt-2 overflow-x-auto rounded-lg bg-selected p-3 font-mono text-xs"
        >
          {recipeOf(url)}
        </pre>
      </details>
    </div>
  )
}

const recipeOf = (url: string) => `f=photo.jpg
curl -s -c jar -b jar --json "{\\"name\\":\\"$f\\",\\"size\\":$(stat -c %s "$f")}" ${url}/files > sent.json
jq -r '.upload.headers | to_entries[] | "\\(.key): \\(.value)"' sent.json > headers
curl -T "$f" -H @headers "$(jq -r .upload.url sent.json)"
curl -b jar -X POST ${url}/files/$(jq -r .file.id sent.json)/complete
curl -b jar --json '{"sender":{"name":""}}' ${url}/done`
