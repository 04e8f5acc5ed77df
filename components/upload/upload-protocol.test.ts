import { expectTypeOf, test } from "vitest"
import type { FileView, UploadView } from "#lib/rooms/files/file.ts"
import type { FileRecord, UploadInstructions } from "#packages/uploader/upload-protocol.ts"

// The uploader imports no type of the app, so the compiler compares the two here.
test("the members' API answers what the uploader expects", () => {
  expectTypeOf<FileView>().toEqualTypeOf<FileRecord>()
  expectTypeOf<UploadView>().toEqualTypeOf<UploadInstructions>()
})
