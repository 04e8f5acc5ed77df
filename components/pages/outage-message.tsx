import { Ring } from "#components/ui/ring/ring.tsx"

/** The message of an outage of the database or the storage. */
export function OutageMessage({ title, text }: { title: string; text: string }) {
  return (
    <>
      <Ring state="revoked" size={76} />
      <h1 className="mt-6.5 text-title md:text-display">{title}</h1>
      <p className="mt-3 max-w-[46ch] text-note">{text}</p>
    </>
  )
}
