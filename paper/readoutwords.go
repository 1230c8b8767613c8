package paper

import "astara/meeting"

// publicWords are those of the public pages in one language.
type publicWords struct {
	account, accounts, none                    string
	about, published                           string // {when}
	alike, onlyOne                             string // {party}
	other, onlyPage, both, correction, earlier string
	proof, download, feed, languages, latest   string
	check, checkKey, checkWith, checkByHand    string // how to check the signature: {party}
	lost, lostWords, failed, failedWords       string // pages that are not there, or could not be made: {id}
	missing                                    string // this side has no text in the page's language: {language}
	names                                      map[meeting.Language]string
}

func publicWordsOf(l meeting.Language) publicWords {
	names := map[meeting.Language]string{"fa": "فارسی", "az": "Azərbaycan dili", "en": "English", "ru": "Русский"}
	switch l {
	case "fa":
		return publicWords{account: "گزارش رسمی", accounts: "گزارش‌های رسمی رایزنی‌ها", none: "هنوز گزارشی منتشر نشده است.",
			about: "زمان رایزنی: {when}", published: "انتشار: {when}", alike: "متن مشترک همهٔ طرف‌ها", onlyOne: "فقط در گزارش {party}",
			other: "{party} هنوز گزارش خود را منتشر نکرده است.", onlyPage: "فقط این گزارش", both: "همهٔ گزارش‌ها در کنار هم",
			correction: "اصلاحیه، {when}", earlier: "متن گزارش همان است که منتشر شد؛ آنچه نادرست بود در این اصلاحیه‌ها آمده است.",
			proof: "این گزارش امضای رقمی {party} را دارد. هر کس می‌تواند پرونده را بگیرد و بدون اینترنت درستی آن را بسنجد.",
			check: "چگونه امضا را بسنجیم", checkKey: "۱. پروندهٔ امضاشده را دریافت کنید. امضا با این کلید {party} است؛ آن را با کلیدی که این طرف از راه دیگری اعلام کرده است مقایسه کنید:",
			checkWith: "۲. با برنامهٔ آستارا، در پوشه‌ای که پرونده در آن است:", checkByHand: "یا بدون آن، در پایانه و با OpenSSL 3؛ اگر سطر پایانی Signature Verified Successfully باشد، امضا درست است:",
			download: "دریافت متن امضاشده", feed: "خوراک خبری (Atom)", languages: "زبان‌ها", latest: "همهٔ گزارش‌ها",
			lost: "این صفحه وجود ندارد", lostWords: "شاید نشانی کامل نیست، یا این گزارش هنوز منتشر نشده است.",
			failed: "این صفحه اکنون نمایش داده نمی‌شود", failedWords: "لطفاً چند دقیقهٔ دیگر دوباره تلاش کنید. شمارهٔ پیگیری: {id}",
			missing: "این گزارش به زبان این صفحه منتشر نشده است؛ متن آن به {language} است.", names: names}
	case "az":
		return publicWords{account: "Rəsmi məlumat", accounts: "Məsləhətləşmələr haqqında rəsmi məlumatlar", none: "Hələ heç bir məlumat dərc olunmayıb.",
			about: "Məsləhətləşmənin vaxtı: {when}", published: "Dərc olunub: {when}", alike: "Bütün tərəflərin ortaq mətni", onlyOne: "Yalnız bu tərəfin məlumatında: {party}",
			other: "Bu tərəf öz məlumatını hələ dərc etməyib: {party}", onlyPage: "Yalnız bu məlumat", both: "Bütün məlumatlar yan-yana",
			correction: "Düzəliş, {when}", earlier: "Mətn dərc olunduğu kimi qalır; səhv olan yerlər bu düzəlişlərdə göstərilir.",
			proof: "Bu məlumatda tərəfin rəqəmsal imzası var ({party}). İstənilən şəxs faylı endirib internetsiz yoxlaya bilər.",
			check: "İmzanı necə yoxlamaq olar", checkKey: "1. İmzalanmış faylı endirin. İmza tərəfin bu açarı ilə qoyulub ({party}); onu tərəfin başqa yolla elan etdiyi açarla tutuşdurun:",
			checkWith: "2. Astara proqramı ilə, faylın olduğu qovluqda:", checkByHand: "Və ya onsuz, terminalda OpenSSL 3 ilə; son sətir Signature Verified Successfully olarsa, imza düzgündür:",
			download: "İmzalanmış mətni endirin", feed: "Xəbər lenti (Atom)", languages: "Dillər", latest: "Bütün məlumatlar",
			lost: "Belə səhifə yoxdur", lostWords: "Ola bilsin, ünvan tam deyil və ya məlumat hələ dərc olunmayıb.",
			failed: "Səhifə hazırda göstərilə bilmir", failedWords: "Bir neçə dəqiqədən sonra yenidən cəhd edin. İzləmə nömrəsi: {id}",
			missing: "Bu məlumat səhifənin dilində dərc olunmayıb; mətnin dili: {language}.", names: names}
	case "ru":
		return publicWords{account: "Официальное сообщение", accounts: "Официальные сообщения о консультациях", none: "Сообщений пока нет.",
			about: "Время консультации: {when}", published: "Опубликовано: {when}", alike: "Общий текст всех сторон", onlyOne: "Только в сообщении стороны: {party}",
			other: "Эта сторона ещё не опубликовала своё сообщение: {party}", onlyPage: "Только это сообщение", both: "Все сообщения рядом",
			correction: "Поправка, {when}", earlier: "Текст остаётся таким, каким был опубликован; неточности указаны в этих поправках.",
			proof: "Сообщение заверено цифровой подписью стороны ({party}). Любой может скачать файл и проверить его без интернета.",
			check: "Как проверить подпись", checkKey: "1. Скачайте подписанный файл. Подпись поставлена этим ключом стороны ({party}); сравните его с ключом, который сторона сообщила другим путём:",
			checkWith: "2. Программой Astara, в папке с файлом:", checkByHand: "Или без неё, в терминале с OpenSSL 3; если последняя строка — Signature Verified Successfully, подпись верна:",
			download: "Скачать подписанный текст", feed: "Лента новостей (Atom)", languages: "Языки", latest: "Все сообщения",
			lost: "Такой страницы нет", lostWords: "Возможно, адрес неполон или сообщение ещё не опубликовано.",
			failed: "Страницу сейчас показать нельзя", failedWords: "Повторите попытку через несколько минут. Номер обращения: {id}",
			missing: "На языке этой страницы сообщение не опубликовано; язык текста: {language}.", names: names}
	}
	return publicWords{account: "Official account", accounts: "Official accounts of consultations", none: "No account has been published yet.",
		about: "Held: {when}", published: "Published: {when}", alike: "Agreed wording of all sides", onlyOne: "Only in the account of {party}",
		other: "{party} has not published its account yet.", onlyPage: "This account alone", both: "All accounts side by side",
		correction: "Correction, {when}", earlier: "The text stays as it was published; what was wrong in it is put right by these notices.",
		proof: "This account bears the digital signature of {party}. Anybody can download the file and check it without the internet.",
		check: "How to check the signature", checkKey: "1. Download the signed file. It is signed by this key of {party}; compare it with the key that this side makes known by another way:",
		checkWith: "2. With the program Astara, in the folder of the file:", checkByHand: "Or without it, in a terminal with OpenSSL 3; the signature is right if the last line is Signature Verified Successfully:",
		download: "Download the signed text", feed: "News feed (Atom)", languages: "Languages", latest: "All accounts",
		lost: "This page does not exist", lostWords: "Its address may be incomplete, or the account has not been published yet.",
		failed: "This page cannot be shown now", failedWords: "Please try again in a few minutes. Number to quote: {id}",
		missing: "This account was not published in the language of this page; its text is in {language}.", names: names}
}
