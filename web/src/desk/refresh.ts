// Asks again and again while the page is looked at.

/** Runs `work` every `period` milliseconds, never twice at once, not while hidden, and at once when shown again. Ends with the signal. */
export function refresh(work: () => Promise<unknown>, period: number, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = false
  const plan = () => {
    clearTimeout(timer)
    if (!signal.aborted && document.visibilityState === 'visible') timer = setTimeout(run, period)
  }
  const run = async () => {
    if (running) return
    running = true
    try {
      await work()
    } finally {
      running = false
      plan()
    }
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void run()
  }, { signal })
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  plan()
}

/** Asks now and then again and again, until the page that was mounted ends what it is given back. */
export function keptFresh(work: () => Promise<unknown>, period: number): () => void {
  const life = new AbortController()
  void work()
  refresh(work, period, life.signal)
  return () => life.abort()
}
