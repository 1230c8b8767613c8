package protocol

// ClientMessages are the types a client sends besides the commands, by name.
func ClientMessages() map[string]any {
	return map[string]any{"hello": Hello{}, "enter": Enter{}, "leave": Leave{}, "ping": Ping{}, "media.offer": MediaOffer{}, "probe.offer": ProbeOffer{},
		"probe.end": ProbeEnd{}, "layout": Layout{}, "input": Input{}, "curtain.ready": CurtainReady{}, "curtain.set": CurtainSet{}}
}

// NodeMessages are the types a node sends, by name.
func NodeMessages() map[string]any {
	return map[string]any{"welcome": Welcome{}, "event": EventMessage{}, "done": Done{}, "refused": Refused{}, "pong": Pong{},
		"media.answer": MediaAnswer{}, "seats": Seats{}, "switched": Switched{}, "send": Send{}, "speakers": Speakers{}, "lines": Lines{}, "goodbye": Goodbye{}, "listeners": Listeners{}, "curtain": Curtain{}, "terms": TermsChanged{}}
}

// Bodies are the bodies of the HTTP interface.
func Bodies() []any {
	return []any{OpenLink{}, LinkOpened{}, SeatInfo{}, SignIn{}, PasskeyChallenge{}, PasskeyResponse{}, NewKey{}, KeyNow{}, Desk{}, Search{}, Found{}, Call{}, Called{},
		ConsultationDesk{}, CalendarAddress{}, LinkIssued{}, DeskCommand{}, Node{}, Library{}, LibraryDocument{}, LibraryUpload{}, LibraryReading{}, LibraryEntry{}, LibraryShare{},
		Agreements{}, PutRestDays{}, PutReminders{}, ImportAgreements{}, Imported{},
		BeginSigning{}, SigningBegun{}, SignMinutes{},
		Glossary{}, GlossaryLine{}, TermSheet{}, ImportGlossary{}, ImportedGlossary{}}
}
