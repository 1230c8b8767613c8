package store

import (
	"context"
	"database/sql"
	"time"

	"astara/auth"
	"astara/meeting"
)

// Invite implements auth.Invitations.
func (s *Store) Invite(ctx context.Context, i auth.Invitation) error {
	return s.change(ctx, func(tx *sql.Tx) error {
		if err := endInvitations(ctx, tx, i.Consultation, i.Member, i.Issued); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO invitations (id, seat, consultation, party, member, desk, issued, expires, opened, revoked)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, i.ID, i.Seat, i.Consultation, i.Member.Party(), i.Member, bit(i.Desk),
			stamp(i.Issued), stamp(i.Expires), stamp(i.Opened), stamp(i.Revoked))
		return err
	})
}

// EndInvitations implements auth.Invitations.
func (s *Store) EndInvitations(ctx context.Context, c meeting.ConsultationID, m meeting.MemberID, at time.Time) error {
	return s.change(ctx, func(tx *sql.Tx) error { return endInvitations(ctx, tx, c, m, at) })
}

func endInvitations(ctx context.Context, tx *sql.Tx, c meeting.ConsultationID, m meeting.MemberID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE sessions SET ended = ? WHERE ended = '' AND kind = ? AND owner IN
		(SELECT id FROM invitations WHERE consultation = ? AND member = ?)`, stamp(at), auth.SeatSession, c, m)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE invitations SET revoked = ? WHERE revoked = '' AND consultation = ? AND member = ?`, stamp(at), c, m)
	return err
}

const invitationQuery = `SELECT id, seat, consultation, member, desk, issued, expires, opened, revoked FROM invitations`

func invitation(r row) (i auth.Invitation, err error) {
	var desk int
	err = r.Scan(&i.ID, &i.Seat, &i.Consultation, &i.Member, &desk, moment{&i.Issued}, moment{&i.Expires}, moment{&i.Opened}, moment{&i.Revoked})
	i.Desk = desk == 1
	return i, err
}

// Invitation implements auth.Invitations.
func (s *Store) Invitation(ctx context.Context, id auth.InvitationID) (auth.Invitation, error) {
	return none(invitation(s.read.QueryRowContext(ctx, invitationQuery+` WHERE id = ?`, id)))
}

// InvitationAt implements auth.Invitations.
func (s *Store) InvitationAt(ctx context.Context, seat auth.SeatID) (auth.Invitation, error) {
	return none(invitation(s.read.QueryRowContext(ctx, invitationQuery+` WHERE seat = ?`, seat)))
}

// Invitations implements auth.Invitations.
func (s *Store) Invitations(ctx context.Context, c meeting.ConsultationID, p meeting.PartyID) ([]auth.Invitation, error) {
	return rows(ctx, s.read, invitation, invitationQuery+` AS i WHERE consultation = ? AND party = ? AND NOT EXISTS
		(SELECT 1 FROM invitations AS j WHERE j.consultation = i.consultation AND j.member = i.member AND (j.revoked = '' AND i.revoked <> ''
			OR j.revoked <> '' AND i.revoked <> '' AND j.revoked > i.revoked)) ORDER BY issued, id`, c, p)
}

// InvitationOpened implements auth.Invitations.
func (s *Store) InvitationOpened(ctx context.Context, id auth.InvitationID, at time.Time) error {
	_, err := s.write.ExecContext(ctx, `UPDATE invitations SET opened = ? WHERE id = ? AND opened = ''`, stamp(at), id)
	return err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
