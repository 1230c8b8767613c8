// Which documents a browser shows as what.
import type { DocumentKind } from '../protocol.ts'

/** What a viewer needs to know of a document. */
export interface Viewed {
  readonly id: string
  readonly kind: DocumentKind
  readonly file: string
}

/** Only the text of these is shown: pictures and layout are in the file. */
export function textOnly(kind: DocumentKind): boolean {
  return kind === 'docx' || kind === 'odt'
}
