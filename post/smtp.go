package post

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// sendLimit is how long one letter may take.
const sendLimit = 30 * time.Second

// SMTP sends through a server: smtps://USER@HOST:PORT with TLS from the first byte, smtp://USER@HOST:PORT with STARTTLS, without which nothing is
// sent unless the server is this machine.
type SMTP struct {
	From   string
	client *mail.Client
}

// OpenSMTP reads an address; nothing is dialled before the first letter.
func OpenSMTP(address, password, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, fmt.Errorf("smtp %q is not like smtp://USER@HOST:587 or smtps://USER@HOST:465", address)
	}
	probe := mail.NewMsg()
	if err := probe.From(from); err != nil {
		return nil, fmt.Errorf("smtp-from %q is no mail address", from)
	}
	options := []mail.Option{mail.WithTimeout(sendLimit)}
	policy, port := mail.TLSMandatory, 587
	if ip, err := netip.ParseAddr(u.Hostname()); u.Hostname() == "localhost" || err == nil && ip.IsLoopback() {
		policy = mail.TLSOpportunistic
	}
	if u.Scheme == "smtps" {
		options, port = append(options, mail.WithSSL()), 465
	} else {
		options = append(options, mail.WithTLSPolicy(policy))
	}
	if _, p, err := net.SplitHostPort(u.Host); err == nil {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, fmt.Errorf("smtp %q: the port is no number", address)
		}
	}
	options = append(options, mail.WithPort(port))
	if u.User.Username() != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	c, err := mail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("smtp %s: %w", u.Redacted(), err)
	}
	return &SMTP{From: from, client: c}, nil
}

// Send implements Sender.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	m := mail.NewMsg()
	if err := m.From(s.From); err != nil {
		return fmt.Errorf("letter: %w", err)
	}
	if err := m.AddToFormat(l.Name, l.To); err != nil {
		return fmt.Errorf("letter: %w", err)
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.ID)
	m.SetDateWithValue(l.At)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody answers it with a holiday's notice
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	if err := s.client.DialAndSendWithContext(ctx, m); err != nil {
		return fmt.Errorf("send letter: %w", err)
	}
	return nil
}
