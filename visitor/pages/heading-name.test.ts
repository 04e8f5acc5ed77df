import { expect, test } from "vitest"
import { headingName } from "./heading-name.ts"

const ready = (name: string) => ({ name, status: "ready" })
const abandoned = (name: string) => ({ name, status: "abandoned" })

test("a share is called by its title, else by the one file that is or will be there", () => {
  expect(headingName({ title: "Plans", files: [ready("a")] })).toBe("Plans")
  expect(headingName({ title: "", files: [ready("a")] })).toBe("a")
  expect(headingName({ title: "", files: [ready("a"), ready("b")] })).toBeNull()
  expect(headingName({ title: "", files: [abandoned("a"), ready("b")] })).toBe("b")
})

test("a share whose only file was given up still says which it was", () => {
  expect(headingName({ title: "", files: [abandoned("a")] })).toBe("a")
  expect(headingName({ title: "", files: [] })).toBeNull()
})
