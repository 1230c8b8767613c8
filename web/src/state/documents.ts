// The documents before a consultation, and which one is open for all, as Go's meeting/document.go has them.
import type { Document, DocumentID, Event, Meeting } from '../protocol.ts'

type DocumentEvent = Extract<Event, { type: `document.${string}` }>

export function changedDocuments(state: Meeting, event: DocumentEvent): Meeting {
  switch (event.type) {
    case 'document.shared':
      return { ...state, documents: [...state.documents, { ...event.body.document, by: event.by, at: event.at }] }
    case 'document.attached': {
      const { document, item } = event.body
      return { ...state, documents: state.documents.map((one) => (one.id === document ? attached(one, item) : one)) }
    }
    case 'document.withdrawn': {
      const { document } = event.body
      return hidden({ ...state, documents: state.documents.filter((one) => one.id !== document) }, document)
    }
    case 'document.shown':
      return { ...state, shown: { document: event.body.document, page: 1, by: event.by } }
    case 'document.turned':
      return state.shown?.document === event.body.document ? { ...state, shown: { ...state.shown, page: event.body.page } } : state
    case 'document.hidden':
      return hidden(state, event.body.document)
  }
}

function attached({ item: _before, ...rest }: Document, item: string | undefined): Document {
  return item ? { ...rest, item } : rest
}

function hidden(state: Meeting, id: DocumentID): Meeting {
  return state.shown?.document === id ? withoutShown(state) : state
}

/** What was opened was opened for the item that is left now. */
export function withoutShown(state: Meeting): Meeting {
  const { shown: _shown, ...rest } = state
  return rest
}

// ---- reading --------------------------------------------------------------------------------------------------------

export function shownDocument(state: Meeting): Document | undefined {
  return state.documents.find((one) => one.id === state.shown?.document)
}

/** Those of an agenda item; without one, those of the whole consultation, and of items that are no longer on the agenda. */
export function documentsOf(state: Meeting, item: string | undefined): Document[] {
  const known = new Set(state.joint.agenda.map((one) => one.id))
  return state.documents.filter((one) => (one.item !== undefined && known.has(one.item) ? one.item : undefined) === item)
}

/** A chair opens for all what belongs to the current item or to none. */
export function mayShow(state: Meeting, document: Document): boolean {
  return document.to === 'all' && (document.item === undefined || document.item === state.course.item)
}
