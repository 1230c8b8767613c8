import { expect, test } from 'vitest'
import { routeOf, type Route } from './route.ts'

const table: [string, Route][] = [
  ['/', { screen: 'start' }],
  ['/signin', { screen: 'signin' }],
  ['/desk', { screen: 'desk' }],
  ['/desk/', { screen: 'desk' }],
  ['/desk/new', { screen: 'consultation', consultation: undefined }],
  ['/desk/c7', { screen: 'consultation', consultation: 'c7' }],
  ['/desk/c7/x', { screen: 'lost' }],
  ['/desk/c7/minutes', { screen: 'minutes', consultation: 'c7' }],
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
