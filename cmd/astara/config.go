package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"astara/protocol"
	"astara/store"
)

// Config is everything that can be set.
type Config struct {
	Name        string
	Listen      string
	Data        string
	Database    string
	BaseURL     string
	Domain      string
	Cert, Key   string
	UDPPort     int
	ExternalIP  []string
	AdminListen string
	CameraCodec string
	Quota       int
	Shelf       string
	ShelfKey    string
	Log         string

	SMTP, SMTPFrom, SMTPPassword string
}

// defaults: the media port is that of STUN and TURN (RFC 8489), which firewalls that let conferences through already know.
func defaults() Config {
	return Config{Name: "Astara", Listen: "127.0.0.1:8080", Data: "data", UDPPort: 3478, Quota: 50, AdminListen: "127.0.0.1:9464", Log: "text"}
}

// setting ties a field to its one name: NAME in the file, ASTARA_NAME in the environment, --NAME on the command line.
type setting struct {
	name, what, usage string
	value             value
}

func (c *Config) settings() []setting {
	return []setting{
		{"listen", "ADDRESS", "where browsers come, host:port; without a certificate only this machine's own addresses", (*text)(&c.Listen)},
		{"data", "DIR", "directory of the record; one node serves it at a time", (*text)(&c.Data)},
		{"database", "ADDRESS", "postgres://USER@HOST/NAME keeps the record on that PostgreSQL server; empty: in the data directory (SQLite)", (*address)(&c.Database)},
		{"base-url", "URL", "the node's address as people see it; needed behind a proxy", (*text)(&c.BaseURL)},
		{"domain", "NAME", "serve https://NAME with an automatic certificate (ACME), on ports 443 and 80", (*text)(&c.Domain)},
		{"cert", "FILE", "serve https with this certificate chain (PEM), read again when it changes", (*text)(&c.Cert)},
		{"key", "FILE", "its private key (PEM)", (*text)(&c.Key)},
		{"udp-port", "PORT", "sound and picture, UDP and TCP; 0 takes any free one", (*number)(&c.UDPPort)},
		{"external-ip", "IP", "address that people reach the media port by, when it is not this machine's own; may be given several times", (*list)(&c.ExternalIP)},
		{"admin-listen", "ADDRESS", "where /metrics and /healthz are for the operator; empty is nowhere", (*text)(&c.AdminListen)},
		{"camera-codec", "NAME", "vp8, vp9, av1 or h264: in which browsers send their cameras where all who watch have it; empty: where hardware does better than VP8", (*text)(&c.CameraCodec)},
		{"library-store", "ADDRESS", "s3://HOST/BUCKET keeps the documents in that S3-compatible store; empty: in the data directory", (*text)(&c.Shelf)},
		{"library-key", "FILE", "its access key and its secret, two words", (*text)(&c.ShelfKey)},
		{"library-quota", "GIB", "how much the documents of one party may take; 0 is no limit", (*number)(&c.Quota)},
		{"name", "TEXT", "what the node calls itself", (*text)(&c.Name)},
		{"smtp", "URL", "server for reminders by mail: smtp://USER@HOST:587 or smtps://USER@HOST:465; empty sends none", (*text)(&c.SMTP)},
		{"smtp-from", "ADDRESS", "whom reminders come from", (*text)(&c.SMTPFrom)},
		{"smtp-password-file", "FILE", "file with the password of USER", (*text)(&c.SMTPPassword)},
		{"log", "FORM", "text or json, to standard error", (*text)(&c.Log)},
	}
}

// value is a field of Config as text. An error says what would be right.
type value interface {
	set(words []string) error
	String() string // as TOML
}

type (
	text    string
	address string // of a server, with a password that is not shown
	number  int
	list    []string
)

func (v *text) set(words []string) error { *v = text(words[len(words)-1]); return nil }
func (v *text) String() string           { return strconv.Quote(string(*v)) }

func (v *address) set(words []string) error { *v = address(words[len(words)-1]); return nil }
func (v *address) String() string {
	if u, err := url.Parse(string(*v)); err == nil {
		return strconv.Quote(u.Redacted())
	}
	return strconv.Quote("not an address")
}

func (v *number) set(words []string) error {
	n, err := strconv.Atoi(words[len(words)-1])
	if err != nil {
		return fmt.Errorf("%q is not a number", words[len(words)-1])
	}
	*v = number(n)
	return nil
}
func (v *number) String() string { return strconv.Itoa(int(*v)) }

func (v *list) set(words []string) error {
	*v = nil
	for _, w := range words {
		for _, s := range strings.Split(w, ",") {
			if s = strings.TrimSpace(s); s != "" {
				*v = append(*v, s)
			}
		}
	}
	return nil
}

func (v *list) String() string {
	quoted := make([]string, len(*v))
	for i, s := range *v {
		quoted[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// origins: setting -> where its value comes from.
type origins map[string]string

// loader reads a Config: defaults, under the file, under the environment, under flags.
type loader struct {
	file  string
	flags map[string][]string
}

// flagsOf offers the named settings, or all, as flags of a command.
func (l *loader) flagsOf(fs *flag.FlagSet, names ...string) {
	l.flags = map[string][]string{}
	c := defaults()
	for _, s := range c.settings() {
		if len(names) > 0 && !strings.Contains(" "+strings.Join(names, " ")+" ", " "+s.name+" ") {
			continue
		}
		usage := "`" + s.what + "`: " + s.usage
		if d := s.value.String(); d != `""` && d != "[]" {
			usage += " (default " + strings.Trim(d, `"`) + ")"
		}
		fs.Func(s.name, usage, func(w string) error {
			l.flags[s.name] = append(l.flags[s.name], w)
			return nil
		})
	}
	fs.StringVar(&l.file, "config", "", "`FILE`: settings as TOML; environment (ASTARA_...) and flags are over it")
}

func (l *loader) load(env func(string) string) (Config, origins, error) {
	c := defaults()
	settings := c.settings()
	from := origins{}
	for _, s := range settings {
		from[s.name] = "default"
	}
	set := func(s setting, origin string, words []string) error {
		if _, many := s.value.(*list); len(words) == 0 && !many {
			return wrongUse("%s in %s: one value, and not a list of none", s.name, origin)
		}
		if err := s.value.set(words); err != nil {
			return wrongUse("%s in %s: %v", s.name, origin, err)
		}
		from[s.name] = origin
		return nil
	}
	if l.file == "" {
		l.file = env("ASTARA_CONFIG")
	}
	file, err := readFile(l.file, settings)
	if err != nil {
		return c, nil, err
	}
	for _, s := range settings {
		variable := "ASTARA_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
		if w, ok := file[s.name]; ok {
			if err := set(s, "file "+l.file, w); err != nil {
				return c, nil, err
			}
		}
		if w := env(variable); w != "" {
			if err := set(s, "environment "+variable, []string{w}); err != nil {
				return c, nil, err
			}
		}
		if w, ok := l.flags[s.name]; ok {
			if err := set(s, "flag --"+s.name, w); err != nil {
				return c, nil, err
			}
		}
	}
	if c.Database != "" && !store.IsPostgres(c.Database) {
		return c, nil, wrongUse("database is not the address of a PostgreSQL server, such as postgres://astara@localhost/astara")
	}
	if c.Domain != "" && from["listen"] == "default" {
		c.Listen, from["listen"] = ":443", "default with a domain"
	}
	return c, from, nil
}

// readFile gives the words of each setting that the file names; "" is no file.
func readFile(name string, settings []setting) (map[string][]string, error) {
	out := map[string][]string{}
	if name == "" {
		return out, nil
	}
	var raw map[string]any
	if _, err := toml.DecodeFile(name, &raw); err != nil {
		return nil, wrongUse("configuration file: %v", err)
	}
	for _, s := range settings {
		v, ok := raw[s.name]
		delete(raw, s.name)
		switch v := v.(type) {
		case []any:
			out[s.name] = []string{}
			for _, x := range v {
				out[s.name] = append(out[s.name], fmt.Sprint(x))
			}
		default:
			if ok {
				out[s.name] = []string{fmt.Sprint(v)}
			}
		}
	}
	for k := range raw {
		return nil, wrongUse("configuration file %s: there is no setting %q; astara config lists them", name, k)
	}
	return out, nil
}

// check says what is wrong with the settings as a whole, and what to do.
func (c *Config) check() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return wrongUse("listen %q is not host:port, such as 127.0.0.1:8080", c.Listen)
	}
	if c.AdminListen != "" {
		if _, _, err := net.SplitHostPort(c.AdminListen); err != nil {
			return wrongUse("admin-listen %q is not host:port, such as 127.0.0.1:9464", c.AdminListen)
		}
	}
	if c.UDPPort < 0 || c.UDPPort > 65535 {
		return wrongUse("udp-port %d is not between 0 and 65535", c.UDPPort)
	}
	for _, ip := range c.ExternalIP {
		if _, err := netip.ParseAddr(ip); err != nil {
			return wrongUse("external-ip %q is not an IP address", ip)
		}
	}
	if c.CameraCodec != "" && !slices.Contains(protocol.Codecs(), protocol.Codec(c.CameraCodec)) {
		return wrongUse("camera-codec %q is not one of %v", c.CameraCodec, protocol.Codecs())
	}
	if c.SMTP != "" && c.SMTPFrom == "" {
		return wrongUse("smtp sends nothing without smtp-from, such as astara@example.org")
	}
	if c.Log != "text" && c.Log != "json" {
		return wrongUse("log %q is neither text nor json", c.Log)
	}
	switch {
	case (c.Cert == "") != (c.Key == ""):
		return wrongUse("cert and key go together: give both")
	case c.Domain != "" && c.Cert != "":
		return wrongUse("domain gets a certificate by itself: give either domain, or cert and key")
	case !c.tls() && !local(host):
		return wrongUse("%s is not this machine alone, and without https no browser gives out its camera: set --domain NAME, or --cert and --key, "+
			"or listen on 127.0.0.1 behind a proxy with --base-url https://NAME", c.Listen)
	}
	return c.checkBase()
}

func (c *Config) checkBase() error {
	if c.BaseURL == "" {
		if host, _, _ := net.SplitHostPort(c.Listen); c.Cert != "" && unspecified(host) {
			return wrongUse("links need the name in the certificate: set --base-url https://NAME")
		}
		return nil
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return wrongUse("base-url %q is not like https://NAME", c.BaseURL)
	}
	if u.Scheme == "http" && !local(u.Hostname()) {
		return wrongUse("base-url %s: http is only for localhost, since no browser gives out its camera without https", c.BaseURL)
	}
	c.BaseURL = u.Scheme + "://" + u.Host
	return nil
}

func (c *Config) tls() bool { return c.Domain != "" || c.Cert != "" }

// base is the address that links carry; bound is where the node really listens, which matters when any free port was taken.
func (c *Config) base(bound string) string {
	if c.BaseURL != "" {
		return c.BaseURL
	}
	if c.Domain != "" {
		return "https://" + c.Domain
	}
	host, port, _ := net.SplitHostPort(c.Listen)
	if _, p, err := net.SplitHostPort(bound); err == nil {
		port = p
	}
	if c.tls() {
		if port == "443" {
			return "https://" + host
		}
		return "https://" + net.JoinHostPort(host, port)
	}
	return "http://" + net.JoinHostPort("localhost", port)
}

func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func unspecified(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "" || err == nil && ip.IsUnspecified()
}

// printConfig writes a file that could be used as it is, each line with the origin of its value.
func printConfig(_ context.Context, con console, args []string) error {
	fs := newFlags("config", "Prints the effective configuration as TOML, with where each value comes from.")
	var l loader
	l.flagsOf(fs)
	if err := parseFlags(con, fs, args); err != nil {
		return err
	}
	c, from, err := l.load(con.env)
	if err != nil {
		return err
	}
	for _, s := range c.settings() {
		fmt.Fprintf(con.out, "%s = %s # %s\n", s.name, s.value, from[s.name])
	}
	return c.check()
}
