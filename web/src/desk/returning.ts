// What was undertaken and is late, blocked or disputed comes back to the agenda of the next consultation of the same sides.
import type { AgendaItem, AgreementLine, AgreementRef, PartyID } from '../protocol.ts'
import { newID } from '../state/id.ts'
import { maxItems } from './agenda.ts'

/** Agreements that come back to a consultation of exactly these sides, and are not in its agenda yet. */
export function returning(lines: readonly AgreementLine[], parties: readonly PartyID[], agenda: readonly AgendaItem[]): AgreementLine[] {
  const sides = [...parties].sort().join()
  return lines.filter((line) => line.review.returns && line.parties.map((party) => party.id).sort().join() === sides && !agenda.some((item) => isOf(item, line)))
}

export function isOf(item: AgendaItem, line: AgreementLine): boolean {
  return item.agreement?.consultation === line.consultation && item.agreement.id === line.agreement.id
}

/** The agenda with an item for each of them, as far as it has room: titled as the agreement is. */
export function withReturned(agenda: readonly AgendaItem[], lines: readonly AgreementLine[]): AgendaItem[] {
  return lines.reduce<AgendaItem[]>((items, line) => {
    if (items.length >= maxItems) return items
    const agreement: AgreementRef = { consultation: line.consultation, id: line.agreement.id }
    return [...items, { id: newID('item'), title: { ...line.terms.title }, minutes: 15, agreement }]
  }, [...agenda])
}

/** Without what came back for other sides than those chosen now. */
export function withoutStrangers(agenda: readonly AgendaItem[], lines: readonly AgreementLine[], parties: readonly PartyID[]): AgendaItem[] {
  const own = returning(lines, parties, [])
  return agenda.filter((item) => !item.agreement || own.some((line) => isOf(item, line)) || !lines.some((line) => isOf(item, line)))
}
