package main

import (
	"context"
	"time"

	"astara/meeting"
)

// readout: each side writes its account, one passage is worded alike, and both are published the next morning at one moment.
func (h *held) readout(ctx context.Context) error {
	h.at(7 * time.Hour)
	tehran, _ := sampleDelegations()[0].secretary()
	baku, _ := sampleDelegations()[1].secretary()
	if err := h.do(ctx, tehran, meeting.PutElement{Text: heldPassage()}); err != nil {
		return err
	}
	m, err := h.house.View(ctx, h.id, baku)
	if err != nil {
		return err
	}
	e := m.Readout.Elements[0]
	if err := h.do(ctx, baku, meeting.AgreeElement{Element: e.ID, Version: e.Version, Round: e.Round, Text: e.Hash}); err != nil {
		return err
	}
	morning := h.began.Add(day)
	if err := h.do(ctx, tehran, meeting.ProposeEmbargo{Number: 1, At: &morning}); err != nil {
		return err
	}
	if err := h.do(ctx, baku, meeting.AnswerEmbargo{Number: 1, Agree: true}); err != nil {
		return err
	}
	for i, by := range []meeting.MemberID{tehran, baku} {
		a := heldAccounts()[i]
		a.Parts = []meeting.Part{a.Parts[0], {Element: e.ID}, a.Parts[1]}
		if err := h.do(ctx, by, a, meeting.SayReady{Ready: true, Revision: 1}); err != nil {
			return err
		}
	}
	h.at(day)
	return h.do(ctx, tehran, meeting.PublishReadout{})
}

func heldPassage() meeting.Words {
	return meeting.Words{
		"fa": "دو طرف بر پایان‌یافتن ساخت خط‌آهن میان دو کشور و یکسان بودن پهنای خط در سراسر مسیر توافق کردند.",
		"az": "Tərəflər iki ölkə arasında dəmir yolunun tikintisini başa çatdırmaq və bütün xətt boyu yolun enini eyni saxlamaq barədə razılaşdı.",
		"en": "The sides agreed to complete the railway between the two countries, with one gauge along the whole line.",
		"ru": "Стороны договорились завершить строительство железной дороги между двумя странами с единой шириной колеи на всём пути."}
}

func heldAccounts() []meeting.WriteAccount {
	title := meeting.Words{"fa": "رایزنی ایران و جمهوری آذربایجان دربارهٔ حمل‌ونقل", "az": "İran və Azərbaycan nəqliyyat üzrə məsləhətləşmə keçirdi",
		"en": "Iran and Azerbaijan consult on transport", "ru": "Иран и Азербайджан провели консультацию по транспорту"}
	return []meeting.WriteAccount{
		{Title: title, Parts: []meeting.Part{{Text: meeting.Words{
			"fa": "هیئت‌های دو کشور از راه دور دربارهٔ طرح‌های مشترک حمل‌ونقل گفت‌وگو کردند.",
			"az": "İki ölkənin nümayəndə heyətləri birgə nəqliyyat layihələrini video vasitəsilə müzakirə etdi.",
			"en": "The delegations of the two countries discussed joint transport projects by video.",
			"ru": "Делегации двух стран обсудили по видеосвязи совместные транспортные проекты."}},
			{Text: meeting.Words{
				"fa": "طرف ایرانی بر تأمین به‌موقع هزینهٔ پل مرزی تأکید کرد.",
				"az": "İran tərəfi sərhəd körpüsünün vaxtında maliyyələşdirilməsini vurğuladı.",
				"en": "The Iranian side stressed that the border bridge must be paid for in time.",
				"ru": "Иранская сторона подчеркнула важность своевременного финансирования пограничного моста."}}}},
		{Title: title, Parts: []meeting.Part{{Text: meeting.Words{
			"fa": "نمایندگان دو کشور در نشستی ویدیویی پیشرفت کارها را بررسی کردند.",
			"az": "İki ölkənin nümayəndələri videogörüşdə işlərin gedişini nəzərdən keçirdi.",
			"en": "Representatives of the two countries reviewed the progress of the work at a meeting by video.",
			"ru": "Представители двух стран на встрече по видеосвязи рассмотрели ход работ."}},
			{Text: meeting.Words{
				"fa": "طرف آذربایجانی آمادگی خود را برای تبادل تجربه در ایمنی راه‌آهن اعلام کرد.",
				"az": "Azərbaycan tərəfi dəmir yolu təhlükəsizliyi üzrə təcrübə mübadiləsinə hazır olduğunu bildirdi.",
				"en": "The Azerbaijani side declared itself ready to exchange experience in railway safety.",
				"ru": "Азербайджанская сторона заявила о готовности обмениваться опытом в области безопасности железных дорог."}}}},
	}
}
