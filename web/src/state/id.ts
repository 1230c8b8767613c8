// Ids that the client chooses: of items of an agenda, of milestones.

/** One that nothing else has or had: what was said about an item goes by its id, also after the item was taken out. */
export function newID(prefix: string): string {
  return prefix + Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => `-${n.toString(36)}`).join('')
}
