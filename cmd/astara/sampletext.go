package main

import (
	"time"

	"astara/meeting"
)

// What the consultation that was held says. Institutions, people, figures and dates are invented.

// both languages of the sides.
func in(fa, az string) meeting.Words { return meeting.Words{"fa": fa, "az": az} }

func heldJoint(at time.Time) meeting.Joint {
	j := sampleJoint(at)
	j.StartsAt, j.Minutes, j.Languages = at, 90, []meeting.Language{"fa", "az"}
	j.Title = meeting.Words{
		"fa": "نخستین رایزنی دربارهٔ راه‌آهن، تبادل تجربه و کالای مرزی",
		"az": "Dəmir yolu, təcrübə mübadiləsi və sərhəd malları üzrə birinci məsləhətləşmə",
		"en": "First consultation on the railway, exchange of experience and border goods",
		"ru": "Первая консультация о железной дороге, обмене опытом и товарах на границе"}
	return j
}

func heldMinutes() []meeting.WriteParagraph {
	return []meeting.WriteParagraph{
		{Text: in("دو طرف در فضایی دوستانه و سازنده دربارهٔ سه بند دستور کار گفت‌وگو کردند.",
			"Tərəflər dostluq və işgüzar şəraitdə gündəliyin üç bəndini müzakirə etdilər.")},
		{Item: "railway", Text: in("طرف ایرانی تملک زمین‌های باقی‌مانده مسیر را تا پایان مهلت یادشده به پایان می‌رساند. طرف آذربایجانی ریل و سوزن را بر پایه برنامه زمان‌بندی می‌رساند.",
			"İran tərəfi trasın qalan torpaq sahələrinin alınmasını göstərilən müddətin sonunadək başa çatdırır. Azərbaycan tərəfi relsləri və yoldəyişənləri cədvəl üzrə çatdırır.")},
		{Item: "experience", Text: in("دو طرف اسناد راهنمای مدیریت گذرگاه‌های مرزی را در کتابخانه مشترک می‌گذارند و گروه‌های کارشناسی هر سه ماه یک‌بار دیدار می‌کنند.",
			"Tərəflər sərhəd keçid məntəqələrinin idarə olunması üzrə bələdçi sənədləri ortaq kitabxanaya qoyur və ekspert qrupları üç aydan bir görüşür.")},
		{Item: "health", Text: in("مقررات بهداشتی کالا از تاریخ یادشده در پروتکل اجرا می‌شود و هر تغییر آن با توافق دو طرف است.",
			"Mallar üçün sanitariya qaydaları protokolda göstərilən tarixdən tətbiq olunur və onların hər dəyişikliyi tərəflərin razılığı ilə edilir.")},
	}
}

// heldAgreement is one that came into effect at the table, and the first word of each side about it.
type heldAgreement struct {
	id          meeting.AgreementID
	terms       meeting.Terms
	responsible int // of each delegation's people
	first       [2]string
}

func heldAgreements(at time.Time) []heldAgreement {
	due := func(days int) meeting.ISODate {
		return meeting.ISODate(at.AddDate(0, 0, days).Format(time.DateOnly))
	}
	return []heldAgreement{
		{"railway", meeting.Terms{Kind: meeting.Project, Areas: []meeting.Area{{ID: "transport"}},
			Title: in("تکمیل راه‌آهن رشت–آستارا", "Rəşt–Astara dəmir yolunun tamamlanması"),
			Text: in("تملک زمین، زیرسازی و ریل‌گذاری مسیر رشت–آستارا و راه‌اندازی ایستگاه مشترک باربری.",
				"Rəşt–Astara xətti üzrə torpaqların alınması, torpaq yatağının hazırlanması, relslərin çəkilməsi və birgə yük stansiyasının işə salınması."),
			Milestones: []meeting.Milestone{
				{ID: "land", Title: in("پایان تملک زمین", "Torpaqların alınmasının başa çatması"), Due: due(45)},
				{ID: "delivery", Title: in("رسیدن نخستین ریل‌ها", "İlk relslərin çatdırılması"), Due: due(50)},
				{ID: "roadbed", Title: in("پایان زیرسازی", "Torpaq yatağının hazır olması"), Due: due(240)},
				{ID: "station", Title: in("گشایش ایستگاه باربری", "Yük stansiyasının açılışı"), Due: due(420)}}},
			1, [2]string{"کارگروه تملک زمین تشکیل شد.", "Tədarük müsabiqəsi elan olunub."}},
		{"experience", meeting.Terms{Kind: meeting.Programme, Areas: []meeting.Area{{ID: "customs"}, {ID: "education"}},
			Title: in("برنامه تبادل تجربه در مدیریت گذرگاه‌های مرزی", "Sərhəd keçid məntəqələrinin idarə olunması üzrə təcrübə mübadiləsi proqramı"),
			Text: in("دیدار کارشناسان هر سه ماه یک‌بار و انتشار راهنماها در کتابخانه مشترک.",
				"Ekspertlərin üç aydan bir görüşü və bələdçilərin ortaq kitabxanada yerləşdirilməsi."),
			Milestones: []meeting.Milestone{
				{ID: "guides", Title: in("گذاشتن راهنماها در کتابخانه", "Bələdçilərin kitabxanaya qoyulması"), Due: due(30)},
				{ID: "visit", Title: in("نخستین دیدار کارشناسان", "Ekspertlərin birinci görüşü"), Due: due(100)}}},
			2, [2]string{"راهنما در دست آماده‌سازی است.", "Bələdçi hazırlanır."}},
		{"health", meeting.Terms{Kind: meeting.Protocol, Areas: []meeting.Area{{ID: "health"}, {ID: "trade"}}, InForce: due(20), Milestones: []meeting.Milestone{},
			Title: in("پروتکل مقررات بهداشتی کالا در مرز", "Sərhəddə mallar üçün sanitariya qaydaları protokolu"), Text: heldRules(48)},
			3, [2]string{"به گمرک‌ها ابلاغ می‌شود.", "Gömrük orqanlarına göndərilir."}},
	}
}

// heldRules are the protocol's text with the hours within which a certificate is checked.
func heldRules(hours int) meeting.Words {
	return map[int]meeting.Words{
		48: in("ماده ۱: گواهی بهداشت همراه کالا در گذرگاه بررسی می‌شود. ماده ۲: نتیجه حداکثر در ۴۸ ساعت اعلام می‌شود. ماده ۳: کالای فاسدشدنی خارج از نوبت است.",
			"Maddə 1: Malı müşayiət edən sanitariya sertifikatı keçid məntəqəsində yoxlanılır. Maddə 2: Nəticə ən gec 48 saat ərzində bildirilir. Maddə 3: Tez xarab olan mallar növbədən kənar keçir."),
		24: in("ماده ۱: گواهی بهداشت همراه کالا یا نسخه الکترونیکی آن در گذرگاه بررسی می‌شود. ماده ۲: نتیجه حداکثر در ۲۴ ساعت اعلام می‌شود. ماده ۳: کالای فاسدشدنی خارج از نوبت است.",
			"Maddə 1: Malı müşayiət edən sanitariya sertifikatı və ya onun elektron nüsxəsi keçid məntəqəsində yoxlanılır. Maddə 2: Nəticə ən gec 24 saat ərzində bildirilir. Maddə 3: Tez xarab olan mallar növbədən kənar keçir."),
	}[hours]
}

// heldEvent is a command some time after the meeting; side 0 is Tehran's.
type heldEvent struct {
	after   time.Duration
	side    int
	command meeting.Command
}

func heldEvents(at time.Time) []heldEvent {
	on := func(days int) meeting.ISODate {
		return meeting.ISODate(at.AddDate(0, 0, days).Format(time.DateOnly))
	}
	rules := heldAgreements(at)[2].terms
	rules.Text, rules.InForce = heldRules(24), on(60)
	return []heldEvent{
		{18 * day, 1, meeting.ReportProgress{ID: "health", Progress: meeting.UnderWay, Percent: 40, Note: "Məntəqələr hazırlaşır."}},
		{21 * day, 0, meeting.ReportProgress{ID: "health", Progress: meeting.UnderWay, Percent: 60, Note: "در دو گذرگاه اجرا می‌شود."}},
		{25 * day, 1, meeting.ReportProgress{ID: "railway", Progress: meeting.UnderWay, Percent: 70, Note: "Relslərin birinci hissəsi yola salınıb."}},
		{28 * day, 0, meeting.ReportProgress{ID: "experience", Progress: meeting.UnderWay, Percent: 50, Note: "راهنمای نخست آماده است."}},
		{30 * day, 1, meeting.MarkMilestone{ID: "experience", Milestone: "guides", Met: on(29)}},
		{30 * day, 0, meeting.MarkMilestone{ID: "experience", Milestone: "guides", Met: on(30)}},
		{31 * day, 1, meeting.ReportProgress{ID: "experience", Progress: meeting.UnderWay, Percent: 50, Note: "Bələdçi kitabxanadadır."}},
		{40 * day, 0, meeting.ProposeAgreement{ID: "health", Base: 1, Terms: rules}},
		{42 * day, 0, meeting.AgreeAgreement{ID: "health", Version: 2}},
		{43 * day, 1, meeting.AgreeAgreement{ID: "health", Version: 2}},
		{46 * day, 0, meeting.RaiseObstacle{ID: "railway", Text: in("تعیین بهای زمین در دو روستا به رأی هیئت داوری نیاز دارد.", "İki kənddə torpağın qiyməti münsiflər heyətinin qərarını tələb edir."),
			Decider: meeting.Decider{Party: "tehran"}}},
		{46 * day, 0, meeting.ReportProgress{ID: "railway", Progress: meeting.Obstructed, Percent: 35, Note: "تملک ۱۲ قطعه زمین مانده است."}},
		{48 * day, 1, meeting.MarkMilestone{ID: "railway", Milestone: "delivery", Met: on(47)}},
		{52 * day, 1, meeting.RaiseObstacle{ID: "railway", Text: in("پذیرش ریل‌ها در مرز به دستور مشترک گمرک‌ها نیاز دارد.", "Relslərin sərhəddə qəbulu gömrüklərin birgə göstərişini tələb edir."),
			Decider: meeting.Decider{}}},
		{55 * day, 0, meeting.ReportProgress{ID: "health", Progress: meeting.Fulfilled, Percent: 100, Note: "نسخه دوم ابلاغ شد."}},
		{55 * day, 1, meeting.ReportProgress{ID: "health", Progress: meeting.UnderWay, Percent: 80, Note: "İkinci variant bir məntəqədə qalıb."}},
	}
}

// heldDocument is a page of a side's library.
type heldDocument struct {
	side    int
	file    string
	facts   meeting.DocumentFacts
	content string
}

func heldDocuments() []heldDocument {
	return []heldDocument{
		{0, "rahnama.html", meeting.DocumentFacts{Title: meeting.Words{"fa": "راهنمای مدیریت صف در گذرگاه مرزی", "az": "Sərhəd məntəqəsində növbənin idarə olunması bələdçisi"},
			About: in("نوبت‌دهی کامیون‌ها، جداسازی کالای فاسدشدنی و آمار روزانه.", "Yük maşınlarının növbəyə düzülüşü, tez xarab olan malların ayrılması və gündəlik statistika."), Source: "وزارت راه و ترابری"},
			`<!doctype html><html lang="fa" dir="rtl"><meta charset="utf-8"><title>راهنما</title><h1>مدیریت صف در گذرگاه مرزی</h1>
<p>کامیون‌ها پیش از رسیدن به گذرگاه نوبت الکترونیکی می‌گیرند. کالای فاسدشدنی مسیر جداگانه دارد.</p>
<ol><li>ثبت نوبت تا شش ساعت پیش از ورود</li><li>بررسی گواهی بهداشت</li><li>توزین و گذر</li></ol></html>`},
		{1, "beledci.html", meeting.DocumentFacts{Title: meeting.Words{"az": "Elektron bəyannamə ilə işləmə bələdçisi", "fa": "راهنمای کار با اظهارنامه الکترونیکی"},
			About: in("گام‌های ثبت، تأیید و بایگانی اظهارنامه.", "Bəyannamənin qeydə alınması, təsdiqi və arxivləşdirilməsi addımları."), Source: "Nəqliyyat və Ticarət Nazirliyi"},
			`<!doctype html><html lang="az"><meta charset="utf-8"><title>Bələdçi</title><h1>Elektron bəyannamə</h1>
<p>Bəyannamə malın sərhədə çatmasından azı iki saat əvvəl təqdim olunur. Yoxlama riskə əsaslanır.</p>
<ol><li>Qeydiyyat</li><li>Sənədlərin yüklənməsi</li><li>Təsdiq və arxiv</li></ol></html>`},
	}
}

// heldProgramme is what the documents belong to.
const heldProgramme = "تبادل تجربه · Təcrübə mübadiləsi"

// heldElement is what both accounts say in the same words.
func heldElement() meeting.Words {
	w := in("دو طرف توافق کردند که تکمیل راه‌آهن رشت–آستارا را پیگیری کنند، راهنماهای مدیریت گذرگاه‌ها را با یکدیگر در میان بگذارند و مقررات بهداشتی یکسانی برای کالای مرزی به کار ببرند.",
		"Tərəflər Rəşt–Astara dəmir yolunun tamamlanmasını izləmək, keçid məntəqələri üzrə bələdçiləri bölüşmək və sərhəd malları üçün vahid sanitariya qaydaları tətbiq etmək barədə razılığa gəldilər.")
	w["en"] = "The sides agreed to follow the completion of the Rasht–Astara railway, to share their guides for border crossings, and to apply the same health rules to border goods."
	return w
}

// heldAccounts are what each side tells the public, Tehran's first.
func heldAccounts() []meeting.WriteAccount {
	own := func(title, first, last meeting.Words) meeting.WriteAccount {
		return meeting.WriteAccount{Title: title, Parts: []meeting.Part{{Text: first}, {Text: last}}}
	}
	three := func(fa, az, en string) meeting.Words { return meeting.Words{"fa": fa, "az": az, "en": en} }
	return []meeting.WriteAccount{
		own(three("رایزنی با وزارت حمل‌ونقل و بازرگانی دربارهٔ راه‌آهن و کالای مرزی", "Dəmir yolu və sərhəd malları üzrə Nəqliyyat və Ticarət Nazirliyi ilə məsləhətləşmə",
			"Consultation with the Ministry of Transport and Trade on the railway and border goods"),
			three("معاون وزیر راه و ترابری در این رایزنی بر شتاب در تملک زمین تأکید کرد.", "Yollar və nəqliyyat nazirinin müavini məsləhətləşmədə torpaqların alınmasının sürətləndirilməsini vurğuladı.",
				"The Deputy Minister of Roads and Transport stressed that acquiring the land must be speeded up."),
			three("رایزنی بعدی تا سه ماه دیگر برگزار می‌شود.", "Növbəti məsləhətləşmə üç ay ərzində keçiriləcək.", "The next consultation is to be held within three months.")),
		own(three("رایزنی با وزارت راه و ترابری", "Yollar və Nəqliyyat Nazirliyi ilə məsləhətləşmə keçirilib", "Consultation held with the Ministry of Roads and Transport"),
			three("معاون وزیر گفت که نخستین ریل‌ها در موعد می‌رسند.", "Nazir müavini ilk relslərin vaxtında çatdırılacağını bildirib.", "The Deputy Minister said that the first rails would arrive on time."),
			three("کارشناسان دو طرف پیش از پایان سال دیدار می‌کنند.", "İki tərəfin ekspertləri ilin sonunadək görüşəcək.", "Experts of both sides are to meet before the end of the year.")),
	}
}
