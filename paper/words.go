package paper

import "astara/meeting"

// words of a copy in one language.
type words struct {
	minutes, draft, open, strike, authentic string
	forSide, signed, unsigned               string
	verify                                  string
	months, solar                           [12]string
}

func wordsOf(l meeting.Language) words {
	switch l {
	case "fa":
		return persian()
	case "az":
		return azerbaijani()
	case "ru":
		return russian()
	}
	return english()
}

func english() words {
	return words{minutes: "Minutes", draft: "Draft.", open: "Paragraphs not yet agreed: {n}. They are shaded.",
		strike:    "(to be struck)",
		authentic: "The texts in all languages of these minutes are equally authentic. In each side’s copy that side is named first.",
		forSide:   "For", signed: "Signed with a passkey on {when}", unsigned: "Signature, date:",
		verify: "The record of this consultation proves the text: astara verify FILE.zip must show the same SHA-256, and names who signed it.",
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		solar:  [12]string{"Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar", "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"}}
}

func persian() words {
	return words{minutes: "صورت‌جلسه", draft: "پیش‌نویس.", open: "بندهایی که هنوز دربارهٔ آن‌ها توافق نشده است: {n}. زمینهٔ این بندها رنگی است.",
		strike:    "(حذف شود)",
		authentic: "متن‌های این صورت‌جلسه به همهٔ زبان‌ها اعتبار یکسان دارند. در نسخهٔ هر طرف، نام همان طرف نخست می‌آید.",
		forSide:   "از طرف", signed: "با گذرکلید امضا شد: {when}", unsigned: "امضا و تاریخ:",
		verify: "سوابق این رایزنی درستی متن را ثابت می‌کند: فرمان astara verify FILE.zip باید همین SHA-256 را نشان دهد و امضاکنندگان را نام ببرد.",
		months: [12]string{"ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"},
		solar:  [12]string{"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"}}
}

func azerbaijani() words {
	return words{minutes: "Protokol", draft: "Layihə.", open: "Hələ razılaşdırılmamış bəndlər: {n}. Onların fonu rənglidir.",
		strike:    "(çıxarılsın)",
		authentic: "Bu protokolun bütün dillərdəki mətnləri eyni qüvvəyə malikdir. Hər tərəfin nüsxəsində həmin tərəfin adı birinci yazılır.",
		forSide:   "Tərəf:", signed: "Giriş açarı ilə imzalanıb: {when}", unsigned: "İmza, tarix:",
		verify: "Mətni bu məsləhətləşmənin qeydləri sübut edir: astara verify FILE.zip əmri eyni SHA-256 cəmini göstərməli və imzalayanların adını çəkməlidir.",
		months: [12]string{"yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avqust", "sentyabr", "oktyabr", "noyabr", "dekabr"},
		solar:  [12]string{"fərvərdin", "ordibehişt", "xordad", "tir", "mordad", "şəhrivər", "mehr", "aban", "azər", "dey", "bəhmən", "isfənd"}}
}

func russian() words {
	return words{minutes: "Протокол", draft: "Проект.", open: "Не согласовано пунктов: {n}. Они выделены фоном.",
		strike:    "(исключить)",
		authentic: "Тексты этого протокола на всех языках имеют одинаковую силу. В экземпляре каждой стороны эта сторона названа первой.",
		forSide:   "За", signed: "Подписано ключом доступа: {when}", unsigned: "Подпись, дата:",
		verify: "Текст доказывается записью этой консультации: команда astara verify FILE.zip должна показать ту же сумму SHA-256 и называет подписавших.",
		months: [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
		solar:  [12]string{"фарвардина", "ордибехешта", "хордада", "тира", "мордада", "шахривара", "мехра", "абана", "азера", "дея", "бахмана", "эсфанда"}}
}
