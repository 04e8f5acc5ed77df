import { expect, it } from "vitest"
import { knownDatabaseTime } from "#lib/adapters/database/time.ts"
import { MINUTE } from "#testing/units.ts"
import { recentGuesses, recordGuess } from "./guess-counts.ts"

const after = (minutes: number) => new Date(knownDatabaseTime().getTime() + minutes * MINUTE)

it("wrong passwords of the last hour are counted exactly, each address once, and other subjects not at all", async () => {
  const addresses = Array.from({ length: 12 }, (_, n) => `198.51.100.${n}`)
  const guesses = Array.from({ length: 38 }, (_, n) => addresses[n % 12] ?? "")
  await Promise.all(guesses.map((address) => recordGuess({ subject: "a share", address })))
  await recordGuess({ subject: "another", address: "198.51.100.1" })

  expect(await recentGuesses("a share")).toEqual({ guesses: 38, addresses: 12 })
  expect(await recentGuesses("a share", after(50))).toEqual({ guesses: 38, addresses: 12 })
  expect(await recentGuesses("a share", after(61))).toEqual({ guesses: 0, addresses: 0 })
  expect(await recentGuesses("another")).toEqual({ guesses: 1, addresses: 1 })
  expect(await recentGuesses("unknown")).toEqual({ guesses: 0, addresses: 0 })
})

it("an IPv6 network counts as one address", async () => {
  for (const host of ["1", "2", "3"])
    await recordGuess({ subject: "a share", address: `2001:db8:1:2::${host}` })

  expect(await recentGuesses("a share")).toEqual({ guesses: 3, addresses: 1 })
})
