import "client-only"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import { createStore } from "#components/store.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import {
  delayOf,
  fieldsOf,
  isSame,
  isUndoable,
  SETTING_NAMES,
  type Setting,
  settingOf,
  type Values,
  valuesOf,
} from "./setting.ts"
import { type Confirm, questionOf } from "./use-question.tsx"

/**
 * `saved`: with the values before, if they can be restored while the share has this version.
 * `failed`: refused, or there was no answer. `conflict`: changed elsewhere since it was shown here.
 */
export type SettingState =
  | { is: "saving" | "undone" }
  | { is: "saved"; before: Values | null; version: string }
  | { is: "failed"; error: ApiError }
  | { is: "conflict"; theirs: Values }

type Snapshot = {
  share: ShareView
  /** What the fields have that is not saved, by their names. */
  typed: Readonly<Record<string, string>>
  states: Readonly<Partial<Record<Setting, SettingState>>>
}

/** What the form gives its saver with each render. */
type Form = {
  /** The conditions as the fields have them. */
  wanted: Conditions
  /** Returns the server's time. */
  now: () => Date
  confirm: Confirm
  onSaved: (share: ShareView) => void
  /** Called with what was not saved after the form was closed. */
  onLost: (error: ApiError) => void
}

export type Saver = ReturnType<typeof createSaver>

const isUnanswered = (state: SettingState | undefined) =>
  state?.is === "failed" && (state.error.status === 0 || state.error.status >= 500)

const isProblem = (state: SettingState | undefined) =>
  state?.is === "failed" || state?.is === "conflict"

/** Whether text of this setting is being typed. */
function isTypedIn(setting: Setting) {
  const { activeElement: active } = document
  const isText = active?.matches("textarea, input:not([type=checkbox])") ?? false
  return isText && active?.closest("[data-setting]")?.getAttribute("data-setting") === setting
}

/** How often a setting is sent while others change the share at the same time. */
const TRIES = 3

const savers = new Map<string, Saver>()

/** Returns the saver of a share, which keeps in the tab what is not saved when its form closes. */
export function saverOf(share: ShareView): Saver {
  const saver = savers.get(share.id) ?? createSaver(share)
  savers.set(share.id, saver)
  return saver
}

/**
 * Saves the settings of a link by themselves, one after another, each on the version of the share
 * that is shown.
 */
function createSaver(first: ShareView) {
  const { id } = first
  const store = createStore<Snapshot>({ share: first, typed: {}, states: {} })
  const timers = new Map<Setting, ReturnType<typeof setTimeout>>()
  /** The share as it was when a setting was first changed. */
  const bases = new Map<Setting, ShareView>()
  /** What was saved last, and what the share then had, such as a trimmed text. */
  const sent = new Map<Setting, { values: Values; became: Values }>()
  let form: Form | null = null
  let given = first
  let forms = 0
  let isClosing = false
  let queue: Promise<unknown> = Promise.resolve()

  const stateOf = (setting: Setting) => store.current().states[setting]
  const isTyped = (setting: Setting) =>
    fieldsOf(setting).some((field) => store.current().typed[field] !== undefined)

  /** Whether the share has these values, though maybe in another form. */
  function isSaved(setting: Setting, values: Values) {
    const current = valuesOf(setting, store.current().share)
    const last = sent.get(setting)
    const isLast = last && isSame(values, last.values) && isSame(current, last.became)
    return isLast || isSame(values, current)
  }

  function setState(setting: Setting, state: SettingState | undefined) {
    const { [setting]: _, ...states } = store.current().states
    store.set({ ...store.current(), states: state ? { ...states, [setting]: state } : states })
  }

  function keepField(field: string, value: string | null) {
    const { [field]: _, ...typed } = store.current().typed
    store.set({ ...store.current(), typed: value === null ? typed : { ...typed, [field]: value } })
  }

  function forget(setting: Setting) {
    bases.delete(setting)
    sent.delete(setting)
    for (const field of fieldsOf(setting)) keepField(field, null)
  }

  /** Discards what is typed. */
  function discard(setting: Setting) {
    forget(setting)
    setState(setting, undefined)
  }

  function show(share: ShareView) {
    store.set({ ...store.current(), share })
    form?.onSaved(share)
  }

  function schedule(setting: Setting, ms: number | null) {
    clearTimeout(timers.get(setting))
    if (ms !== null)
      timers.set(
        setting,
        setTimeout(() => save(setting), ms),
      )
  }

  function inTurn<Result>(work: () => Promise<Result>) {
    const done = queue.then(work)
    queue = done.catch(() => {})
    return done
  }

  /** Resolves with whether nothing is left to save. */
  const save = (setting: Setting) => {
    clearTimeout(timers.get(setting))
    return inTurn(() => saveNow(setting))
  }

  async function saveNow(setting: Setting, tries = TRIES): Promise<boolean> {
    if (!form) return false
    const { share } = store.current()
    const { wanted, now, confirm } = form
    const before = valuesOf(setting, share)
    const values = valuesOf(setting, share, wanted)
    if (isSaved(setting, values)) {
      if (stateOf(setting)?.is !== "saved") setState(setting, undefined)
      return true
    }
    if (!isSame(valuesOf(setting, bases.get(setting) ?? share), before)) {
      setState(setting, { is: "conflict", theirs: before })
      return false
    }
    const question = questionOf(share, values, now())
    if (question && forms === 0) return true
    if (question && !(await confirm(question))) {
      discard(setting)
      return true
    }
    setState(setting, { is: "saving" })
    const answer = await put(values, share.version)
    if (answer instanceof ApiError) {
      if (answer.field === "version" && tries > 1 && (await reload()))
        return saveNow(setting, tries - 1)
      fail(setting, answer)
      return false
    }
    bases.set(setting, answer)
    sent.set(setting, { values, became: valuesOf(setting, answer) })
    show(answer)
    setState(setting, {
      is: "saved",
      before: isUndoable(setting) ? before : null,
      version: answer.version,
    })
    if (isSame(valuesOf(setting, share, form.wanted), values) && !isTypedIn(setting))
      forget(setting)
    return true
  }

  const put = (values: Values, version: string) =>
    answerOf(ask("PATCH /shares/{id}", { id, body: { ...values, version } }, { keepalive: true }))

  /** Shows the share as it is now. Resolves with whether it was read. */
  async function reload() {
    const answer = await answerOf(ask("GET /shares/{id}", { id }))
    if (answer instanceof ApiError) return false
    show(answer)
    return true
  }

  function fail(setting: Setting, error: ApiError) {
    setState(setting, { is: "failed", error })
    if (forms === 0) form?.onLost(error)
  }

  /** Saves everything that is not saved yet. Resolves with the settings, and whether it was. */
  const saveAll = () =>
    Promise.all(
      SETTING_NAMES.filter(isTyped).map(async (setting) => [setting, await save(setting)] as const),
    )

  return {
    store,

    show,

    /** Makes another change of the share, between those that are saved. */
    inTurn,

    /** Called with each render of the form. */
    update({ share, ...next }: Form & { share: ShareView }) {
      form = next
      if (share !== given) store.set({ ...store.current(), share })
      given = share
    },

    open() {
      forms += 1
      isClosing = false
      void saveAll()
    },

    /** The form is gone; what is typed is still saved. */
    async close() {
      forms -= 1
      const done = await saveAll()
      if (forms > 0) return
      for (const [setting, isDone] of done) if (isDone) forget(setting)
      if (!SETTING_NAMES.some(isTyped)) savers.delete(id)
    },

    /** A field was changed; null: back to the saved value. */
    keep(field: string, value: string | null) {
      const setting = settingOf(field)
      if (!setting || !form) return
      if (!bases.has(setting)) bases.set(setting, store.current().share)
      isClosing = false
      keepField(field, value)
      for (const each of SETTING_NAMES) if (isUnanswered(stateOf(each))) schedule(each, 0)
      schedule(setting, delayOf(field, value))
    },

    /** A setting was left, or its end is no longer dragged. Waits for the render of a change. */
    async leave(setting: Setting) {
      if (!isTyped(setting)) return
      await new Promise((resolve) => setTimeout(resolve))
      const isDone = await save(setting)
      if (isDone && stateOf(setting)?.is !== "saving" && !isTypedIn(setting)) forget(setting)
    },

    /** Saves a setting now, also after a problem. */
    save,

    /** Saves what is typed over what was changed elsewhere. */
    keepOwn(setting: Setting) {
      bases.set(setting, store.current().share)
      void save(setting)
    },

    discard,

    undo: (setting: Setting) =>
      inTurn(async () => {
        const state = stateOf(setting)
        if (state?.is !== "saved" || !state.before) return
        const answer = await put(state.before, state.version)
        if (answer instanceof ApiError) {
          fail(setting, answer)
          if (answer.field === "version") await reload()
          return
        }
        forget(setting)
        show(answer)
        setState(setting, { is: "undone" })
      }),

    /**
     * Saves everything before the form is closed. Resolves with whether it may close: a problem
     * keeps it open once, and a second call does not wait.
     */
    async settle(): Promise<boolean> {
      if (isClosing) return true
      isClosing = true
      const done = await saveAll()
      // Leaving the field saves, too, and may be doing so now: its state says nothing yet.
      const mayClose =
        done.every(([, isDone]) => isDone) &&
        !SETTING_NAMES.some((setting) => isProblem(stateOf(setting)))
      if (mayClose) isClosing = false
      return mayClose
    },

    /**
     * Sends everything before the page is unloaded, whatever was changed elsewhere, but nothing
     * that asks first.
     */
    sendLast() {
      if (!form) return
      const { share } = store.current()
      const { wanted, now } = form
      const changes = SETTING_NAMES.filter(isTyped)
        .map((setting) => [setting, valuesOf(setting, share, wanted)] as const)
        .filter(([setting, values]) => !isSaved(setting, values))
        .filter(([, values]) => !questionOf(share, values, now()))
      if (changes.length === 0) return
      const body = Object.assign({}, ...changes.map(([, values]) => values))
      void answerOf(ask("PATCH /shares/{id}", { id, body }, { keepalive: true }))
    },
  }
}
