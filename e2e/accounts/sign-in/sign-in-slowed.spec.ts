import type { Page } from "@playwright/test"
import { expect, test } from "../../fixtures.ts"
import { isSignedIn, postCredentials } from "../../member-client.ts"

// The browser logs the refused sign-in.
test.use({ allowed: [/status of 429 .*callback.credentials/] })

test("wrong passwords are rate-limited, with a time, and lock no one out: not for long, and not a browser that signed in before", async ({
  installation,
  join,
  stranger,
  visitor,
  plainVisitor,
  browse,
}) => {
  const { email, password } = await join("Greta Guessed")
  const known = await browse({ javaScriptEnabled: false })
  await known.goto("/sign-in")
  await signInByHand(known, email, password)
  await expect(known).toHaveURL(/\/shares$/)
  const cookies = await known.context().cookies()
  expect(cookies.find(({ name }) => name.startsWith("lapse-known-"))).toMatchObject({
    httpOnly: true,
    sameSite: "Lax",
  })
  await known.context().clearCookies({ name: /session-token/ })

  const guesser = await stranger()
  const statuses: number[] = []
  for (let guess = 1; guess <= 12; guess++) {
    const answer = await postCredentials(guesser, { email, password: `guess number ${guess}` })
    statuses.push(answer.status())
    if (answer.status() === 429) {
      expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(0)
    }
  }
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
  expect(await isSignedIn(guesser)).toBe(false)
  await known.goto("/sign-in")
  await signInByHand(known, email, password)
  await expect(known).toHaveURL(/\/shares$/)

  await visitor.goto("/sign-in")
  await visitor.getByLabel("Email").fill(email)
  await visitor.getByLabel("Password").fill(password)
  await visitor.getByRole("button", { name: "Sign in" }).click()
  await expect(visitor.getByText(/Too many attempts. Try again in/)).toBeVisible()

  await plainVisitor.goto("/sign-in")
  const slowed = await signInByHand(plainVisitor, email, password)
  expect(slowed.status()).toBe(429)
  expect(Number(slowed.headers()["retry-after"])).toBeGreaterThan(0)
  await expect(plainVisitor.getByText(/Too many attempts. Try again in/)).toBeVisible()
  await expect(plainVisitor.getByLabel("Email")).toHaveValue(email)

  await installation.query("UPDATE attempt SET window_end_at = now()")
  await visitor.getByLabel("Password").fill(password)
  await visitor.getByRole("button", { name: "Sign in" }).click()
  await visitor.waitForURL("**/shares")
  const wrong = await signInByHand(plainVisitor, email, "one more guess")
  expect(wrong.status()).toBe(200)
  await expect(plainVisitor.getByText("Incorrect email or password.")).toBeVisible()
  await signInByHand(plainVisitor, email, password)
  await expect(plainVisitor).toHaveURL(/\/shares$/)
})

/** Sends the form without JavaScript; returns the page that the answer redirects to. */
async function signInByHand(page: Page, email: string, password: string) {
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password").fill(password)
  const answer = page.waitForResponse((response) => response.request().method() === "GET")
  await page.getByRole("button", { name: "Sign in" }).click()
  return answer
}
