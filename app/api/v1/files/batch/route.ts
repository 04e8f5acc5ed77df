import { attempt, Refusal } from "#lib/adapters/errors.ts"
import { parse, readJson } from "#lib/adapters/http/input.ts"
import { FileBatch, FileInput } from "#lib/rooms/files/file.ts"
import { startUploads } from "#lib/rooms/files/upload/start-upload.ts"
import { problemOf } from "#lib/web/api/answer-error.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"
import { languageOf } from "#lib/web/reader-language.ts"

export const POST = memberRoute(async (member, request) => {
  const { files } = parse(FileBatch, await readJson(request))
  const inputs = files.map((file) => attempt(() => parse(FileInput, file)))
  const items = (await startUploads(member.id, inputs)).map((started) =>
    started instanceof Refusal
      ? { problem: problemOf(started, languageOf(member, request.headers)) }
      : started,
  )
  return Response.json({ items }, { status: 201 })
})
