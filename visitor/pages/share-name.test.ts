import { expect, test } from "vitest"
import { shareName } from "./share-name.ts"

const ready = (name: string) => ({ name, status: "ready" })
const abandoned = (name: string) => ({ name, status: "abandoned" })

test("a share is called by its title, else by the one file that is or will be there", () => {
  expect(shareName({ title: "Plans", files: [ready("a")] })).toBe("Plans")
  expect(shareName({ title: "", files: [ready("a")] })).toBe("a")
  expect(shareName({ title: "", files: [ready("a"), ready("b")] })).toBeNull()
  expect(shareName({ title: "", files: [abandoned("a"), ready("b")] })).toBe("b")
})

test("a share whose only file was given up still says which it was", () => {
  expect(shareName({ title: "", files: [abandoned("a")] })).toBe("a")
  expect(shareName({ title: "", files: [] })).toBeNull()
})
