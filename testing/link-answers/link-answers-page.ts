import { table } from "#testing/lapse/doc-block.ts"
import { COUNTED, SITUATIONS, type VISITORS, WRITTEN } from "./link-situations.ts"

const NAMES: Record<keyof typeof VISITORS, string> = {
  person: "a person's browser",
  script: "a script that asks for JSON",
  library: "an HTTP library, such as curl",
  unfurler: "an unfurler, a crawler or a scanner",
  prefetch: "a browser's prefetch",
}

/** The situations in order; neighbours with the same answers are one row. */
function rowsByLink() {
  const rows: string[][] = []
  for (const { what, answers } of SITUATIONS) {
    const written = answers.slice(0, WRITTEN.length)
    const [before = "", ...theirs] = rows.at(-1) ?? []
    if (theirs.join() === written.join()) rows.splice(-1, 1, [`${before}; ${what}`, ...written])
    else rows.push([what, ...written])
  }
  return rows
}

/** Renders docs/visitors.md from the tables that the tests use. */
export const visitorsPage = () => `# What a link answers

Written from the tables in \`testing/link-answers/\`. A test makes a link for every combination of
state, password, limit, ticket, direct link, view only and previews, sends it every call as each of
these visitors, and fails where an answer differs. \`vitest run visitor/link-answers -u\` rewrites the
page. Unknown and altered links are in [permissions.md](permissions.md#links).

## By how the link is

The first row that holds for a link and its visitor says what is answered. A ticket opens a locked
share too; a password that was given changes nothing else. Calls are below \`/s/{token}\`: \`d\`,
\`p\` and \`t\` are \`/d/{file}\`, \`/p/{file}\` and \`/t/{file}\`: a download, a preview of a file of a
kind that can be shown, and a thumbnail.

- *page*: 303 back to the link's page
- *store*: to a presigned URL, 303 after a POST and 302 after a GET
- *url*: 200 with a presigned URL as JSON
- *urls*: 200 with a presigned URL for each file, and a ticket where the visitor has none
- *ticket*: the same without URLs
- *by a machine*: an unfurler, a crawler, a scanner or a browser's prefetch; in the other columns
  they are answered as people are

${table(["link", ...WRITTEN.map(({ name }) => name)], rowsByLink())}

A page that is fetched ahead is 403 where the table has 200. \`GET t\` is answered as \`GET p\` by a
library, and as that by a machine.

A kind of file that is not shown is 415 where the table has *store* or *url* for \`p\`. A file that
is still being uploaded is 409, one that was deleted 410, and one that is not of the share 404.

A PDF, a video and a sound of a view-only link are shown by the page of the link: a browser that
would open \`p\` as a page or in a frame, which is one whose \`Accept\` has \`text/html\`, is refused
(403 \`view_only\`). Pictures and texts open so, also without JavaScript. The page draws PDFs itself
([decision 62](decisions/062-view-only-pdfs-are-drawn-by-the-page.md)).

The page of a link that opens and of which all files were deleted is 200 and says so. \`state\` has
\`"state": "empty"\` beside its status there, and \`POST ask\` tells the owner, as it does for a link
that is over.

## By who asks

What a fetch counts as, of an open direct link without a limit. A preview is counted once per visit
and file. Of a link that is no direct link a GET claims nothing, and a POST of \`d\` or \`claim\`
claims for any client. Nothing that is refused is counted.

${table(
  ["who", "method", "the page", "`state`", "`d`", "`p`"],
  COUNTED.map(({ visitor, method, page, state, download, preview }) => [
    NAMES[visitor],
    method,
    page,
    state,
    download,
    preview,
  ]),
)}

## How files are listed

As a gallery of thumbnails where at least three of the listed files that are ready are pictures with
thumbnails, and these are nine of ten, with the others as rows below; otherwise as rows. A page has
at most 500 files either way. A picture, a film or a PDF that is the link's only file fills the page:
a picture is loaded by a script through \`p\`, which counts a preview, and a film or a PDF opens when
the visitor asks. Bots, links without previews, and visitors who have to claim before a preview see
rows; without JavaScript, the thumbnail or the kind of the file leads to its preview.
`
