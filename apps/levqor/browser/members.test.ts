// Two people share a workspace: one invites, the other accepts, and is removed again.
import { axeViolations } from '@levqor/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Console, expectHeading, openConsole } from './open-console.ts'
import { mailedLink } from './people.ts'

let app: Console
beforeAll(async () => {
  app = await openConsole()
})
afterAll(() => app?.[Symbol.asyncDispose]())
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})

const bob = { email: 'bob@example.com', password: 'correct horse battery staple' }

it('an invited person registers, accepts, works there, changes workspace, and loses it when removed', async () => {
  const owner = await app.administrator()
  await owner.goto('/members')
  await expectHeading(owner, 'Members')
  await owner.getByLabel('E-mail address').fill('not an address')
  await owner.getByRole('button', { name: 'Invite' }).click()
  await owner
    .getByText(/e-?mail/i)
    .first()
    .waitFor()
  await owner.getByLabel('E-mail address').fill(bob.email)
  await owner.getByRole('button', { name: 'Invite' }).click()
  await owner.getByRole('list', { name: 'Invitations' }).getByText(bob.email).waitFor()
  await owner.getByRole('main').getByRole('link', { name: 'outbox' }).waitFor()
  expect(await axeViolations(owner)).toEqual([])
  const invitation = await mailedLink(app.levqor, /^Invitation/, bob.email)

  // Only invited people may register here.
  let page = await app.stranger()
  await page.goto(invitation)
  await page.getByText('First workspace').waitFor()
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.getByRole('link', { name: 'Make an account' }).click()
  await page.getByLabel('E-mail address').fill(bob.email)
  await page.getByLabel('Password', { exact: true }).fill(bob.password)
  await page.getByRole('button', { name: 'Make an account' }).click()
  await page.getByRole('status').getByText(bob.email).waitFor()
  // The mail opens in a tab of its own; from there the way leads back to the invitation, its token in no address.
  await page.close()
  const addresses: string[] = []
  page = await page.context().newPage()
  page.on('request', (request) => addresses.push(request.url(), request.headers().referer ?? ''))
  await page.goto(await mailedLink(app.levqor, /^Confirm your address/, bob.email))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expectHeading(page, 'Your account is ready')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.waitForURL('**/sign-in?next=%2Finvitation')
  await page.getByRole('button', { name: 'Sign in with a password' }).click()
  await page.getByLabel('E-mail address').fill(bob.email)
  await page.getByLabel('Password', { exact: true }).fill(bob.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/invitation')
  await page.getByText('First workspace').waitFor()
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.waitForURL('**/jobs')
  expect(addresses.join('\n')).not.toContain(new URLSearchParams(invitation.split('#')[1]).get('token'))
  expect(await page.evaluate(() => localStorage.getItem('levqor.invitation'))).toBeNull()

  // Whoever accepts is there; the menu leads back and forth.
  await page.getByRole('button', { name: /First workspace/ }).click()
  await page.getByRole('menuitem', { name: 'My workspace' }).click()
  await page.getByRole('button', { name: /My workspace/ }).click()
  await page.getByRole('menuitem', { name: 'First workspace' }).click()
  await page.getByRole('button', { name: /First workspace/ }).waitFor()
  await page.goto('/members')
  await page.getByRole('list', { name: 'Members' }).getByText('you').waitFor()
  expect(await page.getByRole('button', { name: 'Invite' }).count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])

  // A workspace beside it, another name; its only owner cannot leave it.
  await page.getByLabel('Name of the new workspace').fill('Bob’s second')
  await page.getByRole('button', { name: 'Make a workspace' }).dblclick()
  await page.waitForURL('**/jobs')
  await page.getByRole('button', { name: /Bob’s second/ }).waitFor()
  await page.goto('/members')
  await page.getByLabel('Name of the workspace').fill('Bob’s own')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('button', { name: /Bob’s own/ }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Leave the workspace' }).click()
  const leaving = page.getByRole('alertdialog')
  await leaving.getByRole('button', { name: 'Leave', exact: true }).click()
  await leaving.getByText('A workspace needs an owner').waitFor()
  await leaving.getByRole('button', { name: 'Stay' }).click()
  await page.getByRole('button', { name: /Bob’s own/ }).click()
  await page.getByRole('menuitem', { name: 'First workspace' }).click()
  await page.waitForURL('**/jobs')
  await page.getByRole('button', { name: /First workspace/ }).waitFor()

  await owner.reload()
  await owner.getByLabel(`Role of ${bob.email}`).selectOption('viewer')
  await owner.getByText(`${bob.email} is viewer now`).first().waitFor()
  await owner.getByRole('button', { name: `Remove ${bob.email}` }).click()
  await owner.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await owner.getByText(`${bob.email} is no longer a member`).first().waitFor()
  await page.goto('/members')
  await page.waitForURL('**/sign-in**')
  await owner.context().close()
  await page.context().close()
})
