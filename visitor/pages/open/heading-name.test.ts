import { expect, test } from "vitest"
import { headingName } from "./heading-name.ts"

const ready = (name: string) => ({ name, status: "ready" })
const abandoned = (name: string) => ({ name, status: "abandoned" })

test("a share is named by its title, else by its only file", () => {
  expect(headingName({ title: "Plans", files: [ready("a")] })).toBe("Plans")
  expect(headingName({ title: "", files: [ready("a")] })).toBe("a")
  expect(headingName({ title: "", files: [ready("a"), ready("b")] })).toBeNull()
  expect(headingName({ title: "", files: [abandoned("a"), ready("b")] })).toBe("b")
})

test("a share whose only file was abandoned still shows its name", () => {
  expect(headingName({ title: "", files: [abandoned("a")] })).toBe("a")
  expect(headingName({ title: "", files: [] })).toBeNull()
})
