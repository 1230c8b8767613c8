// Out of the page: into the clipboard, into a file.

/** Whether the text is in the clipboard now; otherwise it is selected in the field, to be copied by hand. */
export async function copied(text: string, field?: HTMLInputElement | HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    field?.focus()
    field?.select()
    return false
  }
}

export function save(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken the file by the end of this turn; Safari is later.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
