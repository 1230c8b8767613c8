import { expect, test } from 'vitest'
import { deskPages, deskPath, routeOf, type DeskPage, type Route } from './route.ts'

const table: [string, Route][] = [
  ['/', { screen: 'start' }],
  ['/signin', { screen: 'signin' }],
  ['/desk', { screen: 'desk' }],
  ['/desk/', { screen: 'desk' }],
  ['/desk/new', { screen: 'new-consultation' }],
  ['/desk/new/people', { screen: 'consultation', consultation: 'new', page: 'people' }],
  ['/desk/c7', { screen: 'consultation', consultation: 'c7', page: 'overview' }],
  ['/desk/c7/x', { screen: 'lost' }],
  ['/desk/c7/minutes', { screen: 'consultation', consultation: 'c7', page: 'minutes' }],
  ['/desk/c7/readout/moment', { screen: 'consultation', consultation: 'c7', page: 'moment' }],
  ['/desk/c7/readout/x', { screen: 'lost' }],
  ['/desk/c7/people/x', { screen: 'lost' }],
  ['/meet/a%2Fb/minutes', { screen: 'seat-minutes', seat: 'a/b' }],
  ['/desk/agreements', { screen: 'agreements', area: undefined }],
  ['/desk/agreements/area/health', { screen: 'agreements', area: 'health' }],
  ['/desk/agreements/new', { screen: 'new-agreement' }],
  ['/desk/agreements/settings', { screen: 'habits' }],
  ['/desk/agreements/c7/a1', { screen: 'agreement', consultation: 'c7', agreement: 'a1' }],
  ['/desk/agreements/c7', { screen: 'lost' }],
  ['/desk/agreements/c7/a1/x', { screen: 'lost' }],
  ['/join', { screen: 'meet', seat: undefined }],
  ['/meet', { screen: 'lost' }],
  ['/meet/a%2Fb', { screen: 'meet', seat: 'a/b' }],
  ['/meet/%E0%A4%A', { screen: 'meet', seat: '%E0%A4%A' }],
  ['/signin/x', { screen: 'lost' }],
  ['/elsewhere', { screen: 'lost' }],
]
test.each(table)('%s', (path, want) => expect(routeOf(path)).toEqual(want))

test.each(Object.keys(deskPages) as DeskPage[])('the address of %s leads to it', (page) =>
  expect(routeOf(deskPath('a/b', page))).toEqual({ screen: 'consultation', consultation: 'a/b', page }))
