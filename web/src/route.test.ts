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
  ['/join', { screen: 'meet', seat: undefined }],
  ['/meet', { screen: 'lost' }],
  ['/meet/a%2Fb', { screen: 'meet', seat: 'a/b' }],
  ['/meet/%E0%A4%A', { screen: 'meet', seat: '%E0%A4%A' }],
  ['/signin/x', { screen: 'lost' }],
  ['/elsewhere', { screen: 'lost' }],
]
test.each(table)('%s', (path, want) => expect(routeOf(path)).toEqual(want))
