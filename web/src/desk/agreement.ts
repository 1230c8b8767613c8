// Whether the sides agree to the consultation as it stands, in words.
import { t } from '../language.svelte.ts'
import type { ConsultationID, Joint, Meeting, Party, PartyID, Summary } from '../protocol.ts'
import { listed, partyName } from '../named.ts'

export type Agreement =
  | { state: 'cancelled'; by: PartyID | undefined }
  | { state: 'agreed' }
  | { state: 'open'; version: number; by: PartyID[]; waiting: PartyID[] } // `by` proposed this version or agreed to it

interface Standing {
  id: ConsultationID
  parties: readonly Party[]
  version: number
  agreed: Readonly<Record<PartyID, number>>
}

export function agreementOf(of: Standing, cancelled: { party?: PartyID } | undefined): Agreement {
  if (cancelled) return { state: 'cancelled', by: cancelled.party }
  const has = (party: Party) => of.agreed[party.id] === of.version
  const waiting = of.parties.filter((party) => !has(party)).map((party) => party.id)
  if (waiting.length === 0) return { state: 'agreed' }
  return { state: 'open', version: of.version, by: of.parties.filter(has).map((party) => party.id), waiting }
}

export function agreementOfSummary(summary: Summary): Agreement {
  return agreementOf(summary, summary.cancelled ? {} : undefined)
}

export function agreementOfMeeting(meeting: Meeting): Agreement {
  return agreementOf({ id: meeting.id, parties: meeting.joint.parties, version: meeting.version, agreed: meeting.agreed }, meeting.cancelled)
}

/** One sentence: "Agreed by both sides", "Changed by X; waiting for Y". */
export function agreementWords(agreement: Agreement, parties: Joint['parties']): string {
  const names = (ids: readonly PartyID[]) => listed(parties.filter((party) => ids.includes(party.id)).map(partyName))
  switch (agreement.state) {
    case 'cancelled':
      return agreement.by === undefined ? t('agreed.cancelled') : t('agreed.cancelled-by', { party: names([agreement.by]) })
    case 'agreed':
      return parties.length === 2 ? t('agreed.both') : t('agreed.all')
    case 'open': {
      const said = { by: names(agreement.by), waiting: names(agreement.waiting) }
      if (agreement.by.length === 0) return t('agreed.none', { waiting: said.waiting })
      if (agreement.by.length > 1) return t('agreed.some', said)
      return agreement.version === 1 ? t('agreed.called', said) : t('agreed.changed', said)
    }
  }
}
