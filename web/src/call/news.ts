// Typed news between the parts of a call. Every listener ends with its signal.

export class News<Kinds extends object> {
  private readonly listeners = new Map<keyof Kinds, Set<(what: never) => void>>()

  listen<K extends keyof Kinds>(kind: K, hear: (what: Kinds[K]) => void, signal: AbortSignal): void {
    if (signal.aborted) return
    const all = this.listeners.get(kind) ?? new Set()
    this.listeners.set(kind, all.add(hear))
    signal.addEventListener('abort', () => all.delete(hear), { once: true })
  }

  tell<K extends keyof Kinds>(kind: K, what: Kinds[K]): void {
    for (const hear of [...this.listeners.get(kind) ?? []]) (hear as (what: Kinds[K]) => void)(what)
  }
}
