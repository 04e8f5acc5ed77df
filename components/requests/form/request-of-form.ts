import type { z } from "zod"
import { bytesOf, formText, listed, numberOf } from "#components/calls/on-submit.ts"
import {
  endOf,
  passwordOf,
  startOf,
  textOf,
} from "#components/shares/conditions/conditions-of-form.ts"
import type { RequestInput } from "#lib/rooms/requests/request.ts"

type Input = z.input<typeof RequestInput>

/** A question of the owner, as the form keeps it. */
export type Question = { label: string; required: boolean }

const ASKED = ["no", "optional", "required"] as const

/** Whether a sender is asked for something. */
type Asked = (typeof ASKED)[number]

/** The longest name of a folder, in characters. */
const MAX_NAME = 80

/**
 * Reads a request from its form; times are ISO 8601 UTC. An end, start and password that stay as
 * they are are left out. Without a folder, the files go to one named after the request.
 */
export const requestOf = (form: FormData): Input => ({
  title: textOf(form, "title"),
  message: textOf(form, "message"),
  folder: formText(form, "folder")?.trim() || folderOf(textOf(form, "title")),
  maxFiles: Number(textOf(form, "maxFiles")),
  maxBytes: bytesOf(form, "maxBytes") ?? Number.NaN,
  maxFileBytes: bytesOf(form, "maxFileBytes"),
  types: listed(form, "types"),
  retention: numberOf(form, "retention"),
  reusable: form.has("reusable"),
  fields: {
    name: askedOf(form, "askName"),
    address: askedOf(form, "askAddress"),
    own: questionsOf(textOf(form, "own")),
  },
  thanks: textOf(form, "thanks"),
  slug: formText(form, "slug")?.trim().toLowerCase() ?? null,
  notices: form.has("notices"),
  ...endOf(form),
  ...startOf(form),
  ...passwordOf(form),
})

/** The name of a request as that of one folder. */
export const folderOf = (title: string) =>
  title.replaceAll("/", "-").trim().slice(0, MAX_NAME).trim()

const askedOf = (form: FormData, name: string): Asked =>
  ASKED.find((one) => one === formText(form, name)) ?? "no"

/** Reads the questions that the form keeps as JSON. */
export function questionsOf(text: string): Question[] {
  const questions: unknown = text === "" ? [] : JSON.parse(text)
  return Array.isArray(questions)
    ? questions.map(({ label, required }) => ({
        label: String(label),
        required: required === true,
      }))
    : []
}
