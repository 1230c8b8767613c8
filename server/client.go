package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"time"
)

// client is the built client in memory, by path. It is written once and only read.
type client map[string]*page

// page is one file with its compressed forms; the build made them.
type page struct {
	kind, tag         string
	plain, gzip, brot []byte
}

func newClient(files fs.FS) (client, error) {
	c := client{}
	if files == nil {
		return c, nil
	}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
			return err
		}
		p := &page{kind: kindOf(name)}
		if p.plain, err = fs.ReadFile(files, name); err != nil {
			return err
		}
		p.gzip, _ = fs.ReadFile(files, name+".gz") // there is none: not worth it
		p.brot, _ = fs.ReadFile(files, name+".br")
		sum := sha256.Sum256(p.plain)
		p.tag = hex.EncodeToString(sum[:8])
		c["/"+name] = p
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the client: %w", err)
	}
	return c, nil
}

// kindOf does not ask the machine's tables, which differ.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".wasm":
		return "application/wasm"
	case ".mp3":
		return "audio/mpeg"
	case ".ogg", ".opus":
		return "audio/ogg"
	case ".wav":
		return "audio/wav"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// serveClient answers a file by its name, and index.html for every route of the client.
func (s *Server) serveClient(w http.ResponseWriter, r *http.Request) {
	if s.misnamed(r) { // the browser keeps the fragment
		http.Redirect(w, r, s.origin()+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		return
	}
	if s.client["/index.html"] == nil {
		http.Error(w, "the client is not built: run make build", http.StatusServiceUnavailable)
		return
	}
	p, hashed := s.client[r.URL.Path], strings.HasPrefix(r.URL.Path, "/assets/")
	switch {
	case p == nil && hashed:
		http.NotFound(w, r)
		return
	case p == nil:
		p = s.client["/index.html"]
	}
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Set("Vary", "Accept-Encoding")
	if hashed { // the name changes with the content
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	body, tag := p.plain, p.tag
	switch {
	case p.brot != nil && accepts(r, "br"):
		h.Set("Content-Encoding", "br")
		body, tag = p.brot, tag+"-br"
	case p.gzip != nil && accepts(r, "gzip"):
		h.Set("Content-Encoding", "gzip")
		body, tag = p.gzip, tag+"-gz"
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// misnamed: on one's own machine 127.0.0.1 and localhost are the same node but two origins, and cookies, passkeys and links
// belong to one of them.
func (s *Server) misnamed(r *http.Request) bool {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil || !s.local() || host == s.cfg.BaseURL.Hostname() || port != s.cfg.BaseURL.Port() {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// accepts reads Accept-Encoding (RFC 9110, section 12.5.3) as far as browsers write it.
func accepts(r *http.Request, coding string) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			w := strings.ReplaceAll(weight, " ", "")
			return w != "q=0" && w != "q=0.0" && w != "q=0.00" && w != "q=0.000"
		}
	}
	return false
}
