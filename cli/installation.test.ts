import { expect, it } from "vitest"
import { count, object, text } from "./answer-shapes.ts"
import { createAsk } from "./installation.ts"

it("does not compile with a call, a body or a shape that the table does not declare", () => {
  const ask = createAsk({ url: "http://localhost:3000" })
  const never = () => [
    // @ts-expect-error: there is no such call
    ask("GET /nothing", {}, object({})),
    // @ts-expect-error: the field is unknown
    ask("POST /shares", { body: { fileId: "1" } }, object({ url: text })),
    // @ts-expect-error: no share has a number as its address
    ask("GET /shares/{id}", { id: "1" }, object({ url: count })),
  ]
  expect(never).toBeTypeOf("function")
})
