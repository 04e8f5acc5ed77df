import type { ReactNode } from "react"

type FormSectionProps = { title: string; lead?: ReactNode; children?: ReactNode }

/** A group of fields on a page of settings. The focus of a field stays clear of the save bar. */
export function FormSection({ title, lead, children }: FormSectionProps) {
  return (
    <section className="mt-9 border-t border-line pt-7">
      <h2 className="text-lg font-semibold tracking-[-0.015em]">{title}</h2>
      {lead && <p className="mt-1.5 text-soft">{lead}</p>}
      {children && (
        <div className="mt-5 flex flex-col items-start gap-6 [&_:is(input,select,textarea)]:scroll-mb-44">
          {children}
        </div>
      )}
    </section>
  )
}
