package server

import (
	"net/http"

	"astara/paper"
)

// routes are all of them. Bodies are in protocol/http.go.
func (s *Server) routes() http.Handler {
	m := http.NewServeMux()

	// Anybody.
	m.Handle("GET /healthz", s.open(s.healthy))
	m.Handle("GET /api/node", s.open(s.node))
	m.Handle("POST /api/links", s.open(s.openLink))
	m.Handle("POST /api/sign-in", s.open(s.signIn))
	m.Handle("POST /api/passkeys/begin", s.open(s.beginPasskeySignIn))
	m.Handle("POST /api/passkeys/finish", s.open(s.finishPasskeySignIn))

	// Calendar programs of secretaries: the secret is in the path, for they can neither sign in nor send a cookie.
	m.Handle("GET /calendar/{secret}", s.open(s.ownCalendar))

	// Who opened a personal link, in that browser: cookie astara_seat.
	m.Handle("GET /api/seats/{seat}", s.open(s.seatInfo))
	m.Handle("GET /api/seats/{seat}/invitation.ics", s.open(s.seatCalendar))
	m.Handle("GET /api/seats/{seat}/documents/{id}/{form}", s.open(s.readAtTable))
	m.Handle("GET /api/seats/{seat}/terms", s.open(s.seatTerms))
	m.Handle("GET /api/seats/{seat}/terms/{file}", s.open(s.seatTermsFile))
	m.Handle("GET /api/seats/{seat}/socket", http.HandlerFunc(s.socket))
	m.Handle("GET /api/seats/{seat}/minutes/{file}", s.open(s.seatMinutesFile))
	m.Handle("POST /api/seats/{seat}/signature/begin", s.open(s.beginSigning))
	m.Handle("POST /api/seats/{seat}/signature/key", s.open(s.signingKey))
	m.Handle("POST /api/seats/{seat}/signature", s.open(s.sign))

	// Secretaries who signed in: cookie astara_desk.
	m.Handle("GET /api/desk", s.desk(s.deskInfo))
	m.Handle("DELETE /api/desk/session", s.desk(s.signOut))
	m.Handle("POST /api/desk/passkeys/begin", s.desk(s.beginPasskey))
	m.Handle("POST /api/desk/passkeys/finish", s.desk(s.finishPasskey))
	m.Handle("DELETE /api/desk/passkeys/{id}", s.desk(s.deletePasskey))
	m.Handle("POST /api/desk/key", s.desk(s.replaceKey))
	m.Handle("POST /api/desk/search", s.desk(s.search))
	m.Handle("GET /api/desk/library", s.desk(s.library))
	m.Handle("POST /api/desk/library", s.desk(s.addDocument))
	m.Handle(UploadPath, s.desk(s.upload))
	m.Handle("PUT /api/desk/library/{id}", s.desk(s.changeDocument))
	m.Handle("POST /api/desk/library/{id}/places", s.desk(s.shareDocument))
	m.Handle("GET /api/desk/library/{id}/{form}", s.desk(s.readDocument))
	m.Handle("GET /api/desk/terms", s.desk(s.glossary))
	m.Handle("GET /api/desk/terms/{file}", s.desk(s.glossaryFile))
	m.Handle("POST /api/desk/consultations/{id}/terms", s.desk(s.termCommand))
	m.Handle("POST /api/desk/consultations/{id}/terms/import", s.desk(s.importTerms))
	m.Handle("GET /api/desk/agreements", s.desk(s.agreements))
	m.Handle("GET /api/desk/agreements/export/{format}", s.desk(s.exportAgreements))
	m.Handle("PUT /api/desk/rest-days", s.desk(s.putRestDays))
	m.Handle("PUT /api/desk/reminders", s.desk(s.putReminders))
	m.Handle("POST /api/desk/calendar", s.desk(s.newCalendar))
	m.Handle("DELETE /api/desk/calendar", s.desk(s.endCalendar))
	m.Handle("POST /api/desk/consultations/{id}/agreements/import", s.desk(s.importAgreements))
	m.Handle("GET /api/desk/consultations/{id}/agreements/{agreement}", s.desk(s.agreement))
	m.Handle("POST /api/desk/consultations/{id}/agreements", s.desk(s.agreementCommand))
	m.Handle("POST /api/desk/consultations", s.desk(s.call))
	m.Handle("GET /api/desk/consultations/{id}", s.desk(s.consultation))
	m.Handle("GET /api/desk/consultations/{id}/changes", s.desk(s.deskChanges))
	m.Handle("GET /api/desk/consultations/{id}/minutes/{file}", s.desk(s.minutesFile))
	m.Handle("POST /api/desk/consultations/{id}/commands", s.desk(s.command))
	m.Handle("GET /api/desk/consultations/{id}/recordings/{part}/{file}", s.desk(s.recording))
	m.Handle("GET /api/desk/consultations/{id}/record.zip", s.desk(s.takeCopy))
	m.Handle("POST /api/desk/consultations/{id}/enter", s.desk(s.enter))
	m.Handle("POST /api/desk/consultations/{id}/people/{person}/link", s.desk(s.issueLink))
	m.Handle("DELETE /api/desk/consultations/{id}/people/{person}/link", s.desk(s.revokeLink))
	m.Handle("GET /api/desk/consultations/{id}/people/{person}/invitation.ics", s.desk(s.deskCalendar))

	// What the sides published, for anybody: pages and feeds.
	const html, atom = "text/html; charset=utf-8", "application/atom+xml; charset=utf-8"
	m.Handle("GET /readout/{id}", http.HandlerFunc(s.readoutAny))
	m.Handle("GET /readout/{id}/{language}", s.public(html, s.readoutPage))
	m.Handle("GET /readout/{id}/{language}/{party}", s.public(html, s.readoutPage))
	m.Handle("GET /readout/{id}/signed/{party}", http.HandlerFunc(s.signedAccount))
	m.Handle("GET /readouts", http.HandlerFunc(s.readoutsAny))
	m.Handle("GET /readouts/style.css", s.public("text/css; charset=utf-8", func(*http.Request) ([]byte, error) { return paper.PublicStyle() }))
	m.Handle("GET "+paper.CardPath, s.public("image/png", func(*http.Request) ([]byte, error) { return paper.Card() }))
	m.Handle("GET /readouts/{language}", s.public(html, s.readoutIndex))
	m.Handle("GET /readouts/{language}/feed", s.public(atom, s.readoutFeed))
	m.Handle("GET /readouts/{language}/feed/{party}", s.public(atom, s.readoutFeed))

	m.Handle("/api/", s.open(s.nothing))
	m.Handle("/", http.HandlerFunc(s.serveClient))
	return m
}
