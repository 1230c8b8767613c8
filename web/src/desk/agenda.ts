// Editing a list of agenda items. Nothing is changed in place.
import type { AgendaItem } from '../protocol.ts'
import { newID } from '../state/id.ts'

export const maxItems = 60 // meeting.MaxItems

export function added(items: readonly AgendaItem[]): AgendaItem[] {
  return [...items, { id: newID('item'), title: {}, minutes: 15 }]
}

export function removed(items: readonly AgendaItem[], id: string): AgendaItem[] {
  return items.filter((item) => item.id !== id)
}

/** The item one place up (-1) or down (1); at the end of the list nothing changes. */
export function moved(items: readonly AgendaItem[], id: string, by: -1 | 1): AgendaItem[] {
  const from = items.findIndex((item) => item.id === id)
  const to = from + by
  const list = [...items]
  const [item] = list.splice(from, 1)
  if (from < 0 || to < 0 || to >= items.length || !item) return [...items]
  list.splice(to, 0, item)
  return list
}

/** How long the items take together; items without a length count nothing. */
export function total(items: readonly AgendaItem[]): number {
  return items.reduce((sum, item) => sum + item.minutes, 0)
}
