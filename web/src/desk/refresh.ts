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
