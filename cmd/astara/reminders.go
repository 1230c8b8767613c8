package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"astara/post"
	"astara/store"
)

// openReminders is the office that sends them; nil when no mail server is set.
func openReminders(c Config, s *store.Store, base *url.URL, log *slog.Logger) (*post.Office, error) {
	if c.SMTP == "" {
		return nil, nil
	}
	password := ""
	if c.SMTPPassword != "" {
		b, err := os.ReadFile(c.SMTPPassword)
		if err != nil {
			return nil, fmt.Errorf("smtp-password-file: %w", err)
		}
		password = strings.TrimRight(string(b), "\r\n")
	}
	sender, err := post.OpenSMTP(c.SMTP, password, c.SMTPFrom)
	if err != nil {
		return nil, err
	}
	return &post.Office{Store: s, Sender: sender, Base: base.Scheme + "://" + base.Host, Host: base.Hostname(), Now: time.Now, Logger: log}, nil
}
