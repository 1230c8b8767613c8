import { expect, test } from 'vitest'
import { en } from '../text/en.ts'
import { fa } from '../text/fa.ts'
import { calendarEntry, letterOf, mailto, type Invitation } from './letter.ts'
import { linkStanding } from './links.ts'
import { base64url, bytes } from './passkey.ts'

const invitation: Invitation = {
  consultation: 'c7', member: 'iran/ali', name: 'علی رضایی', link: 'http://localhost:8080/join#token',
  expires: new Date('2026-12-02T06:30:00Z'),
  joint: {
    title: { fa: 'راه‌آهن رشت ـ آستارا', en: 'Railway; Rasht, Astara' }, startsAt: '2026-12-01T06:30:00Z', minutes: 90, languages: ['fa', 'en'], agenda: [],
    parties: [
      { id: 'iran', names: { fa: 'وزارت راه', en: 'Ministry of Roads' }, language: 'fa', zone: 'Asia/Tehran', calendar: 'persian' },
      { id: 'azerbaijan', names: { az: 'Nazirlik' }, language: 'az', zone: 'Asia/Baku', calendar: 'gregory' },
    ],
  },
}

test('the letter is in the language of the person, on every side’s clock and calendar', () => {
  const { subject, body } = letterOf(invitation, { language: 'fa', texts: fa })
  expect(subject).toContain('راه‌آهن رشت')
  expect(body).toContain('سه‌شنبه ۱۰ آذر ۱۴۰۵')
  expect(body).toContain('۱۰:۰۰')
  expect(body).toContain('۱ دسامبر ۲۰۲۶')
  expect(body).toContain('۱۰:۳۰')
  expect(body.split('\n')).toContain(invitation.link)
})

test('the mail', () => {
  const address = mailto(letterOf(invitation, { language: 'en', texts: en }))
  expect(address).toMatch(/^mailto:\?subject=Invitation%3A%20Railway/)
  expect(address).toContain('%0D%0A')
  expect(address).not.toContain('%E2%81%A8')
})

test('the calendar entry', () => {
  const entry = calendarEntry(invitation, { language: 'fa', texts: fa }, 3, new Date('2026-11-23T10:00:00.123Z'))
  const lines = entry.split('\r\n')
  expect(lines).toEqual(expect.arrayContaining(['DTSTART:20261201T063000Z', 'DTEND:20261201T080000Z', 'DTSTAMP:20261123T100000Z', 'SEQUENCE:3', 'UID:c7.iran.ali@localhost']))
  for (const line of lines) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
  const unfolded = entry.replaceAll('\r\n ', '')
  expect(unfolded).toContain('SUMMARY:راه‌آهن رشت ـ آستارا\r\n')
  expect(calendarEntry(invitation, { language: 'en', texts: en }, 1, new Date())).toContain('SUMMARY:Railway\\; Rasht\\, Astara')
})

test('what became of a link', () => {
  const now = new Date('2026-12-01T00:00:00Z')
  const link = { issued: '2026-11-20T00:00:00Z', expires: '2026-12-02T00:00:00Z', revoked: false }
  expect(linkStanding(undefined, now)).toEqual({ state: 'none' })
  expect(linkStanding(link, now)).toEqual({ state: 'issued', at: new Date(link.expires) })
  expect(linkStanding({ ...link, opened: link.issued }, now)).toEqual({ state: 'opened', at: new Date(link.issued) })
  expect(linkStanding({ ...link, revoked: true }, now)).toEqual({ state: 'revoked' })
  expect(linkStanding({ ...link, expires: '2026-12-01T00:00:00Z' }, now).state).toBe('expired')
})

test('base64url there and back', () => {
  for (const length of [0, 1, 2, 3, 127, 128]) {
    const data = Uint8Array.from({ length }, (_, index) => (index * 37 + 251) % 256)
    expect(bytes(base64url(data))).toEqual(data)
    expect(base64url(data)).toMatch(/^[\w-]*$/)
  }
  expect(bytes('not base64!')).toEqual(new Uint8Array())
})
