import { FileName } from "#components/ui/files/file-name.tsx"
import { isRequest, useWords } from "#visitor/pages/page-context.ts"

/** The heading of a link: its sender and the name of the share. */
export function LinkHeading({ sender, name }: { sender: string; name: string }) {
  const { t } = useWords()
  return (
    <>
      <p className="text-soft wrap-anywhere">
        {t(isRequest() ? "visitor.request.asks" : "visitor.sharedWithYou", { sender })}
      </p>
      <h1
        className={
          name.length > 60 ? "mt-1 text-xl wrap-anywhere" : "mt-1 text-title wrap-anywhere"
        }
      >
        <bdi>
          <FileName name={name} />
        </bdi>
      </h1>
    </>
  )
}
