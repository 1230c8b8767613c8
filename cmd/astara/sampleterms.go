package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"astara/meeting"
)

// glossary of the consultation that was held: Tehran's interpreters began it, Baku agreed to most of it, and each side has some words of its own.
func (h *held) glossary(ctx context.Context) error {
	tehran, _ := sampleDelegations()[0].secretary()
	baku, _ := sampleDelegations()[1].secretary()
	var first meeting.ImportTerms
	var seen []meeting.SeenTerm
	for i, x := range sampleTerms() {
		id := meeting.TermID("sample-" + strconv.Itoa(i+1))
		first.Terms = append(first.Terms, meeting.WriteTerm{ID: id, To: meeting.All, Facts: x})
		if i < termsAgreed {
			seen = append(seen, meeting.SeenTerm{ID: id, Version: 1})
		}
	}
	h.at(2 * day)
	if err := h.do(ctx, tehran, first); err != nil {
		return err
	}
	h.at(5 * day)
	if err := h.do(ctx, baku, meeting.AgreeTerms{Terms: seen}); err != nil {
		return err
	}
	h.at(16*day + 3*time.Hour)
	other := sampleTerms()[0]
	other.Names["az"] = []string{"dəmir yolu", "dəmir yolu xətti"}
	return h.do(ctx, baku,
		meeting.WriteTerm{ID: "sample-1", Base: 1, To: meeting.All, Facts: other},
		meeting.WriteTerm{ID: "baku-1", To: meeting.ToParty(baku.Party()), Facts: termOf("", "نوبت الکترونیکی", "elektron növbə", "", "electronic queue", "электронная очередь", "customs", "Hələ layihədədir")})
}

// termsAgreed is how many of the first Baku agreed to; the others wait for its word.
const termsAgreed = 21

// termOf is one; names of one language are divided by a bar.
func termOf(source, fa, az, azCyrl, en, ru, area, note string) meeting.TermFacts {
	f := meeting.TermFacts{Names: meeting.Names{}, Area: area, Note: note, Source: source}
	for l, names := range map[meeting.Language]string{"fa": fa, "az": az, "az-Cyrl": azCyrl, "en": en, "ru": ru} {
		if names != "" {
			f.Names[l] = strings.Split(names, "|")
		}
	}
	return f
}

func sampleTerms() []meeting.TermFacts {
	const minutes, rules = "Minutes, first consultation", "Protocol on health rules"
	return []meeting.TermFacts{
		termOf(minutes, "راه‌آهن|خط آهن", "dəmir yolu", "дәмир јолу", "railway|railroad", "железная дорога", "transport", ""),
		termOf(minutes, "پهنای خط|عرض خط", "koleya|yolun eni", "колеја", "track gauge", "ширина колеи|колея", "transport", "1435 mm · 1520 mm"),
		termOf(minutes, "زیرسازی", "torpaq yatağı", "торпаг јатағы", "roadbed|subgrade", "земляное полотно", "transport", ""),
		termOf(minutes, "ریل‌گذاری", "relslərin çəkilməsi|rels döşənməsi", "релсләрин чәкилмәси", "track laying", "укладка рельсов|укладка пути", "transport", ""),
		termOf(minutes, "تملک زمین", "torpaqların alınması", "торпагларын алынмасы", "land acquisition", "отчуждение земель|выкуп земель", "transport", ""),
		termOf(minutes, "ایستگاه باربری", "yük stansiyası", "јүк стансијасы", "freight station", "грузовая станция", "transport", ""),
		termOf(minutes, "واگن باری", "yük vaqonu", "јүк вагону", "freight wagon|goods wagon", "грузовой вагон", "transport", ""),
		termOf("", "تعویض بوژی", "araba dəyişdirilməsi|boji dəyişdirilməsi", "", "bogie exchange", "смена тележек|перестановка тележек", "transport", "1435 / 1520"),
		termOf("", "ترابری چندوجهی|حمل‌ونقل ترکیبی", "multimodal daşımalar|qarışıq daşımalar", "мултимодал дашымалар", "multimodal transport", "мультимодальные перевозки", "transport", ""),
		termOf("", "گذر کالا|ترانزیت", "tranzit", "транзит", "transit", "транзит", "trade", ""),
		termOf("", "بارنامه", "yük qaiməsi|yolnamə", "јүк гаимәси", "waybill|consignment note", "накладная|товарно-транспортная накладная", "trade", "CIM/SMGS"),
		termOf(minutes, "گذرگاه مرزی|پایانه مرزی", "sərhəd keçid məntəqəsi|buraxılış məntəqəsi", "сәрһәд кечид мәнтәгәси", "border crossing point", "пункт пропуска|пограничный пункт пропуска", "customs", ""),
		termOf("", "گمرک", "gömrük", "ҝөмрүк", "customs", "таможня", "customs", ""),
		termOf("", "اظهارنامه گمرکی", "gömrük bəyannaməsi", "ҝөмрүк бәјаннамәси", "customs declaration", "таможенная декларация", "customs", ""),
		termOf("", "ترخیص کالا", "gömrük rəsmiləşdirilməsi|malın buraxılması", "ҝөмрүк рәсмиләшдирилмәси", "customs clearance", "таможенное оформление|выпуск товара", "customs", ""),
		termOf("", "مدیریت خطر|مدیریت ریسک", "risklərin idarə edilməsi", "", "risk management", "управление рисками", "customs", ""),
		termOf(rules, "گواهی بهداشت", "sanitariya sertifikatı|sağlamlıq sertifikatı", "санитарија сертификаты", "health certificate|sanitary certificate", "санитарный сертификат", "health", ""),
		termOf(rules, "گواهی بهداشت گیاهی", "fitosanitar sertifikat", "фитосанитар сертификат", "phytosanitary certificate", "фитосанитарный сертификат", "health", ""),
		termOf(rules, "قرنطینه", "karantin", "карантин", "quarantine", "карантин", "health", ""),
		termOf(rules, "کالای فاسدشدنی", "tez xarab olan mal|tez xarab olan mallar", "тез хараб олан мал", "perishable goods", "скоропортящийся товар|скоропортящиеся товары", "health", ""),
		termOf("", "تهران|طهران", "Tehran|Təhran", "Теһран", "Tehran|Teheran", "Тегеран", "", ""),
		termOf(rules, "نمونه‌برداری", "nümunə götürülməsi", "нүмунә ҝөтүрүлмәси", "sampling", "отбор проб", "health", ""),
		termOf(minutes, "تبادل تجربه", "təcrübə mübadiləsi", "тәҹрүбә мүбадиләси", "exchange of experience", "обмен опытом", "education", ""),
		termOf("", "نوبت‌دهی کامیون‌ها", "yük maşınlarının növbəsi", "", "truck queueing|truck slot booking", "очередь грузовиков|бронирование времени въезда", "customs", ""),
		termOf("", "پنجره واحد", "bir pəncərə", "бир пәнҹәрә", "single window", "единое окно|одно окно", "customs", ""),
	}
}
