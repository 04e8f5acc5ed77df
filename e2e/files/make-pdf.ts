type Page = {
  /** The operators that draw the page. */
  content: string
  mediaBox?: string
  /** Bytes that the page loads and does not show. */
  ballast?: Buffer
}

const FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"

/** Operators that write a text. */
export const textAt = (text: string, x = 72, y = 700) => `BT /F1 24 Tf ${x} ${y} Td (${text}) Tj ET`

/** A PDF of one page with this text. */
export const pdf = (text: string): Buffer => pdfOf([{ content: textAt(text) }])

type Options = {
  /** More entries of the catalog, and of the trailer. */
  catalog?: string
  trailer?: string
  /** The number of pages that the file states. */
  count?: number
  /** More objects, from number 4 on, which the pages know as X0, X1 and so on. */
  more?: string[]
}

/** A PDF of these pages. */
export function pdfOf(
  pages: Page[],
  { catalog = "", trailer = "", count = pages.length, more = [] }: Options = {},
): Buffer {
  const first = 4 + more.length
  const kids = pages.map((_, at) => `${first + at * 3} 0 R`).join(" ")
  return assemble(
    [
      `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
      `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`,
      FONT,
      ...more,
      ...pages.flatMap(({ content, mediaBox = "0 0 595 842", ballast = Buffer.alloc(0) }, at) => {
        const [contents, bytes] = [first + at * 3 + 1, first + at * 3 + 2]
        const forms = more.map((_, form) => `/X${form} ${4 + form} 0 R`).join(" ")
        return [
          `<< /Type /Page /Parent 2 0 R /MediaBox [${mediaBox}] /Contents [${contents} 0 R ${bytes} 0 R] ` +
            `/Resources << /Font << /F1 3 0 R >> /XObject << ${forms} >> >> >>`,
          stream("", content),
          // A comment, as far as a reader of the content is concerned.
          stream("", `%${ballast.toString("base64")}`),
        ]
      }),
    ],
    trailer,
  )
}

export const stream = (entries: string, content: string) =>
  `<< ${entries} /Length ${content.length} >>\nstream\n${content}\nendstream`

function assemble(objects: string[], trailer: string): Buffer {
  let file = "%PDF-1.4\n"
  const offsets = objects.map((object, at) => {
    const offset = file.length
    file += `${at + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  file += offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("")
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, "latin1")
}
