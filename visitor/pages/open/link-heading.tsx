import { FileName } from "#components/ui/files/file-name.tsx"
import { useWords } from "#visitor/pages/use-words.ts"

/** The heading of a link: its sender and the name of the share. */
export function LinkHeading({ sender, name }: { sender: string; name: string }) {
  const { t } = useWords()
  const size = name.length > 60 ? "text-xl md:text-title" : "text-title md:text-display"
  return (
    <>
      <p className="text-soft wrap-anywhere">{t("visitor.sharedWithYou", { sender })}</p>
      <h1 className={`mt-1.5 wrap-anywhere ${size}`}>
        <bdi>
          <FileName name={name} />
        </bdi>
      </h1>
    </>
  )
}
