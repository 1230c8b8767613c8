import { describe, expect, it } from 'vitest'
import { fit, key, keysOf } from './fold.ts'

describe('finding a term as one types', () => {
  it('knows no difference between spellings', () => {
    for (const same of [['راه‌آهن', 'راهآهن', 'راه\u200cاهن'], ['گمرکی', 'گمركي'], ['۱۵۲۰', '1520', '١٥٢٠'], ['Gəncə', 'gence', 'GƏNCƏ'], ['sınaq', 'SINAQ', 'sinaq', 'Sİnaq'], ['üçölşüğ', 'ucolsug'], ['ещё', 'еще'], ['İran', 'iran', 'IRAN']]) {
      expect(new Set(same.map(key)).size, same.join(' ')).toBe(1)
    }
  })

  it('finds by any name, the beginning first', () => {
    const keys = keysOf(['راه‌آهن', 'dəmir yolu', 'железная дорога'])
    expect(fit(keys, 'demir')).toBe(2)
    expect(fit(keys, 'demiryo')).toBe(2)
    expect(fit(keys, 'yolu')).toBe(1)
    expect(fit(keys, 'راه ا')).toBe(2)
    expect(fit(keys, 'дорога желез')).toBe(1)
    expect(fit(keys, 'порт')).toBe(0)
    expect(fit(keys, ' ')).toBe(1)
  })
})
